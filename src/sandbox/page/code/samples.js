/** Things to send when no file is at hand, made on the spot. */

const scenes = [
  ['#7fb2e5', '#2f5d50', '#f4c95d'],
  ['#f2a65a', '#58355e', '#fff3d6'],
  ['#9ad0c2', '#265073', '#ecf4d6'],
  ['#c9b6e4', '#4a4e69', '#f2e9e4'],
];

/** A photo of some mountains, different for each `number`. */
export async function samplePhoto(number) {
  const canvas = document.createElement('canvas');
  canvas.width = 480;
  canvas.height = 360;
  paint(canvas.getContext('2d'), scenes[number % scenes.length], number);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
  return new File([blob], `photo-${number + 1}.png`, { type: 'image/png' });
}

function paint(ink, [sky, hills, sun], number) {
  ink.fillStyle = sky;
  ink.fillRect(0, 0, 480, 360);
  ink.fillStyle = sun;
  ink.beginPath();
  ink.arc(110 + 90 * (number % 4), 100, 42, 0, 7);
  ink.fill();
  ink.fillStyle = hills;
  ink.beginPath();
  ink.moveTo(0, 360);
  for (let x = 0; x <= 480; x += 60) ink.lineTo(x, 200 + 70 * Math.sin(x / 55 + number * 2));
  ink.lineTo(480, 360);
  ink.fill();
}

/** Two seconds of a rising tone as a WAV file. */
export function sampleVoice() {
  const rate = 8_000;
  const samples = rate * 2;
  const view = new DataView(new ArrayBuffer(44 + samples * 2));
  const head = [0x52494646, 0x57415645, 0x666d7420, 0x64617461];
  view.setUint32(0, head[0]);
  view.setUint32(4, 36 + samples * 2, true);
  view.setUint32(8, head[1]);
  view.setUint32(12, head[2]);
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  view.setUint32(36, head[3]);
  view.setUint32(40, samples * 2, true);
  for (let i = 0; i < samples; i++) {
    const tone = Math.sin((i / rate) * 2 * Math.PI * (300 + i / 90)) * Math.sin((Math.PI * i) / samples);
    view.setInt16(44 + i * 2, tone * 12_000, true);
  }
  return new File([view.buffer], 'voice-note.wav', { type: 'audio/wav' });
}

/** A small but whole PDF: one empty page. */
export function sampleDocument() {
  const pdf = `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]>>endobj
trailer<</Root 1 0 R>>
%%EOF
`;
  return new File([pdf], 'order-1042.pdf', { type: 'application/pdf' });
}
