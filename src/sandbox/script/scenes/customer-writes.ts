import { holds, is, orderOf } from '../fact.ts';
import { document, photo, voiceNote } from '../sample-files.ts';
import { broughtOver, noFailure, onTicket, type Scene, type Stage, writes } from '../scene.ts';

const text: Scene = {
  name: 'A text opens a ticket',
  play: async (stage) => void (await writes(stage, 'Good morning, is the Alpine tent waterproof?')),
  expect: (stage) => [
    ...broughtOver(stage, 'Good morning, is the Alpine tent waterproof?'),
    holds('the requester has a picture', Boolean(stage.customer.ticket()?.requester.photoUrl)),
    ...noFailure(stage),
  ],
};

const photos = [photo(10), photo(120), photo(240)];

const severalImages: Scene = {
  name: 'Three photos in one message',
  play: async ({ customer }) => void (await customer.sends({ type: 'image', files: photos })),
  expect: (stage) => [
    ...broughtOver(stage),
    is('comments', stage.customer.comments().length, 1),
    is('files of the comment', filesOf(stage), photos.map(asAttached)),
    ...noFailure(stage),
  ],
};

const files = [document('invoice-1042.pdf'), voiceNote()];

const fileAndVoice: Scene = {
  name: 'A file and a voice note',
  play: async ({ customer }) => {
    await customer.sends({ type: 'file', files: [files[0]!] });
    await customer.sends({ type: 'audio', files: [files[1]!] });
  },
  expect: (stage) => [
    ...broughtOver(stage),
    is('files on the ticket', filesOf(stage), files.map(asAttached)),
    ...noFailure(stage),
  ],
};

const placeAndLink: Scene = {
  name: 'A sticker, a place and a link read well',
  play: async ({ customer }) => {
    await customer.sends({ type: 'sticker', stickerId: '369239263222822' });
    await customer.sends({ type: 'location', latitude: 48.8584, longitude: 2.2945, title: 'Tour Eiffel' });
    await customer.sends({ type: 'link', url: 'https://acme.example/tents/alpine-2', title: 'Alpine 2 tent' });
  },
  expect: (stage) => [
    ...broughtOver(stage, 'Sticker', 'Tour Eiffel', 'Alpine 2 tent', 'https://acme.example/tents/alpine-2'),
    holds('the place has coordinates', stage.customer.words().includes('48.8584'), stage.customer.words()),
    ...noFailure(stage),
  ],
};

const buttons: Scene = {
  name: 'A quick reply, a button, an answer to a message',
  play: async (stage) => {
    await stage.customer.sends({ type: 'postback', title: 'Get started', payload: 'GET_STARTED' });
    const mid = await stage.customer.sends({ type: 'text', text: 'Track my order', quickReply: 'TRACK_ORDER' });
    await onTicket(stage, 'Get started', 'Track my order');
    await stage.customer.says('Number 1042, please', { replyTo: mid });
  },
  expect: (stage) => [
    ...broughtOver(stage, 'Get started', '1042, please'),
    is('the button that was tapped', orderOf(['Track my order'], stage.customer.transcript()), ['Track my order']),
    holds(
      'the answer shows what it answers',
      /In reply to “Track my order.*”\nNumber 1042, please/.test(stage.customer.words()),
      stage.customer.words(),
    ),
    ...noFailure(stage),
  ],
};

const scripts = ['👩‍👩‍👧‍👦 Bonjour, c’est Zoë 🏕️', 'مرحبا، هل الخيمة مقاومة للماء؟', 'שלום 👋🏽', '한국어도 괜찮아요?'];

const emojiAndRtl: Scene = {
  name: 'Emoji and right-to-left text stay whole',
  play: async ({ customer }) => {
    for (const words of scripts) await customer.says(words);
  },
  expect: (stage) => [...broughtOver(stage, ...scripts), ...noFailure(stage)],
};

const tenTexts = Array.from({ length: 10 }, (_, i) => `burst line ${String(i + 1).padStart(2, '0')}`);

const burst: Scene = {
  name: 'A burst of ten messages makes few comments',
  play: async ({ customer }) => {
    for (const words of tenTexts) await customer.says(words);
  },
  expect: (stage) => [
    ...broughtOver(stage, ...tenTexts),
    holds('few comments', stage.customer.comments().length <= 7, `${stage.customer.comments().length} comments`),
    ...noFailure(stage),
  ],
};

const asAttached = ({ contentType, bytes }: { contentType: string; bytes: Buffer }) => ({
  kind: contentType.split('/')[0],
  bytes: bytes.length,
});

const filesOf = ({ customer }: Stage) =>
  customer
    .comments()
    .flatMap((comment) => comment.attachments)
    .map(({ contentType, bytes }) => ({ kind: contentType.split('/')[0], bytes }));

export const customerWrites: Scene[] = [text, severalImages, fileAndVoice, placeAndLink, buttons, emojiAndRtl, burst];
