import type { ZendeskAccount } from '../account.ts';
import { addressesOf } from './manifest.ts';
import { type Colour, squarePng } from './png.ts';

/**
 * The app that tells Zendesk of the integration: nothing but its requirement, `channel_integrations` (Zendesk developer docs,
 * "Apps requirements"). The manifest's address is a secret: whoever has it may speak for Zendesk.
 */
export function frameworkApp(
  account: ZendeskAccount,
  publicUrl: string | undefined,
): ReadonlyMap<string, string | Uint8Array> | { cannot: string } {
  if (account.mode !== 'channel') return { cannot: `${account.id} has not mode: channel in the configuration` };
  if (!publicUrl?.startsWith('https://'))
    return {
      cannot:
        'Zendesk asks for an https address: set server.publicUrl to the one by which the internet reaches this service',
    };
  const name = account.integrationName;
  const json = (value: object) => `${JSON.stringify(value, null, 2)}\n`;
  const requirements = {
    channel_integrations: { passerelle: { manifest_url: addressesOf(account, publicUrl).manifest } },
  };
  const words = (short: string, long: string) =>
    json({ app: { name, short_description: short, long_description: long } });
  return new Map<string, string | Uint8Array>([
    ['manifest.json', json(appManifest(name))],
    ['requirements.json', json(requirements)],
    [
      'translations/en.json',
      words('Chats as tickets', 'Customers’ chats become tickets, and agents’ replies go back to the chat.'),
    ],
    [
      'translations/fr.json',
      words(
        'Les conversations en tickets',
        'Les conversations des clients deviennent des tickets ; les réponses des agents y retournent.',
      ),
    ],
    ['assets/logo.png', squarePng(320, bridge)],
    ['assets/logo-small.png', squarePng(128, bridge)],
  ]);
}

const appManifest = (name: string) => ({
  name,
  author: { name: 'Passerelle', email: 'passerelle@example.com' },
  defaultLocale: 'en',
  private: true,
  requirementsOnly: true,
  version: '1.0.0',
  frameworkVersion: '2.0',
});

const [ground, line]: [Colour, Colour] = [
  [15, 76, 92],
  [255, 255, 255],
];

/** A footbridge: a deck and the arch under it. */
function bridge(x: number, y: number): Colour {
  const deck = Math.abs(y + 0.1) < 0.07 && Math.abs(x) < 0.75;
  const arch = Math.abs(Math.hypot(x, y - 0.45) - 0.5) < 0.07 && y < 0.45;
  return deck || arch ? line : ground;
}
