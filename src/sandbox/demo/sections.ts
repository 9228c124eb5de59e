import type { Bubble, ChannelSimulator, Thread } from '../contract.ts';
import type { Simulator } from '../simulator.ts';
import { messengerAccount } from './account-data.ts';
import { keyOf, type PlayedChannel } from './channels.ts';
import { filePath } from './media.ts';
import { type Figures, readFigures } from './metrics.ts';
import type { Shop } from './shop.ts';
import { boxWords, product } from './shop-order.ts';
import type { Switches } from './switches.ts';
import { simulatorsOf, type World } from './world.ts';

/** What the page shows, in sections that change on their own. Each is a JSON text, compared to see whether it did. */
export type Sections = Record<
  'about' | 'phones' | 'tickets' | 'crm' | 'traffic' | 'faults' | 'service' | 'shop',
  string
>;

const shownBubbles = 200;
const shownTickets = 100;
const shownRequests = 40;

/** The page's picture of the world at this moment. `links` keeps a file's address the same from picture to picture. */
export function readSections(world: World, switches: Switches, figures: Figures, links: Links, shop: Shop): Sections {
  const sections = {
    about: {
      shop: messengerAccount.pageName,
      channels: world.channels.map(aboutChannel),
      service: world.service.url,
    },
    phones: world.channels.flatMap((channel) => phonesOf(channel, links)),
    tickets: world.zendesk.tickets().slice(-shownTickets),
    crm: crm(world),
    traffic: traffic(world),
    faults: faults(world, switches),
    shop: { product, words: boxWords, orders: shop.orders() },
    service: { ...figures, running: world.service.exitCode() === undefined },
  };
  return Object.fromEntries(Object.entries(sections).map(([k, v]) => [k, JSON.stringify(v)])) as Sections;
}

/** What the page has to know of a channel to play it. */
const aboutChannel = (channel: PlayedChannel) => ({
  kind: channel.sandbox.kind,
  label: channel.sandbox.label,
  accent: channel.sandbox.accent,
  sends: channel.sandbox.sends,
  quotes: channel.sandbox.quotes ?? true,
  can: acts.filter((act) => channel.simulator[act] !== undefined),
  keyPrefix: keyOf(channel, ''),
});

/** What customers of some platforms can do and those of others cannot: having the method is the capability. */
const acts = [
  'customerReads',
  'customerReacts',
  'customerUnsends',
  'block',
  'inboxReplies',
  'customerTicksBox',
] as const satisfies (keyof ChannelSimulator)[];

/** Messenger signs a file's address anew each time it is asked for; the page would load the file again and again. */
export type Links = (url: string) => string;

export function makeLinks(): Links {
  const known = new Map<string, string>();
  return (url) => {
    const place = url.split('?')[0] ?? url;
    if (!known.has(place)) known.set(place, url);
    return known.get(place) ?? url;
  };
}

const phonesOf = ({ sandbox: { kind }, simulator }: PlayedChannel, links: Links) =>
  simulator.threads().map((thread: Thread) => ({
    ...thread,
    channel: kind,
    pictureUrl: links(thread.pictureUrl),
    bubbles: thread.bubbles.slice(-shownBubbles).map((bubble) => bubbleView(simulator, kind, bubble, links)),
  }));

/** A file that needs the account's token is shown through the demo, which asks the simulator itself. */
function bubbleView(simulator: ChannelSimulator, kind: string, bubble: Bubble, links: Links): Bubble {
  const attachments = bubble.attachments.map((file, index) => {
    if (simulator.fileOf?.(bubble.mid, index)) return { ...file, url: filePath(kind, bubble.mid, index) };
    return file.url && file.bytes ? { ...file, url: links(file.url) } : file;
  });
  return { ...bubble, attachments };
}

/** Asks the service for its figures at most once a second, however often the page is drawn. */
export function keepFigures(world: World, changed: () => void): { latest(): Figures; stop(): void } {
  let latest: Figures = {
    ready: false,
    events: {},
    backlog: {},
    parked: {},
    paused: {},
    deliveries: {},
    memoryMb: 0,
  };
  let busy = false;
  const timer = setInterval(async () => {
    if (busy) return;
    busy = true;
    latest = await readFigures(world.service.url);
    busy = false;
    changed();
  }, 1_000);
  return { latest: () => latest, stop: () => clearInterval(timer) };
}

function crm({ salesforce }: World) {
  return {
    contacts: salesforce.records('Contact'),
    tasks: salesforce.records('Task'),
    messages: salesforce.records('Passerelle_Message__c'),
  };
}

/** The page itself shows these files; among the calls that matter they would be noise. */
const fileDownload = /^\/(media|attachments)\//;

function traffic(world: World) {
  const seen = (simulator: Simulator) =>
    simulator.requests.filter(({ path }) => !fileDownload.test(path)).slice(-shownRequests);
  return {
    ...mapped(simulatorsOf(world), seen),
    service: world.tap.webhooks.slice(-shownRequests).map((webhook) => ({ method: 'POST', ...webhook })),
  };
}

function faults(world: World, switches: Switches) {
  const { channels, zendesk } = world;
  return {
    waiting: mapped(simulatorsOf(world), (simulator) => simulator.faults()),
    switches,
    owed: {
      ...Object.fromEntries(channels.map(({ sandbox, simulator }) => [sandbox.kind, simulator.webhooks.owed()])),
      zendesk: zendesk.webhooks.owed(),
    },
  };
}

const mapped = <From, To>(record: Record<string, From>, change: (value: From) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
