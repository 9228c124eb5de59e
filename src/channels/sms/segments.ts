/** What an SMS is paid by: 160 letters of the GSM alphabet or 70 of any other, a little less each once there are several. */
export interface Segments {
  encoding: 'GSM-7' | 'UCS-2';
  segments: number;
}

const basic =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
/** Each of these takes two places. */
const extended = '\f^{}\\[~]|€';

const widths = new Map([
  ...[...basic].map((letter) => [letter, 1] as const),
  ...[...extended].map((letter) => [letter, 2] as const),
]);

/** How a text is sent and in how many segments (3GPP TS 23.038). A letter of two places is never torn between segments. */
export function segmentsOf(text: string): Segments {
  const letters = [...text];
  const gsm = letters.every((letter) => widths.has(letter));
  const units = letters.map((letter) => (gsm ? widths.get(letter)! : letter.length));
  const [alone, each] = gsm ? [160, 153] : [70, 67];
  const total = units.reduce((sum, unit) => sum + unit, 0);
  return { encoding: gsm ? 'GSM-7' : 'UCS-2', segments: total <= alone ? 1 : filled(units, each) };
}

function filled(units: readonly number[], each: number): number {
  let segments = 1;
  let used = 0;
  for (const unit of units) {
    if (used + unit > each) {
      segments++;
      used = 0;
    }
    used += unit;
  }
  return segments;
}
