import type { Thread } from '../contract.ts';
import type { Simulator } from '../simulator.ts';
import { accounts, keyOf, messengerAccount } from './account-data.ts';
import { type Figures, readFigures } from './metrics.ts';
import { type Platform, platforms, type Switches } from './switches.ts';
import type { World } from './world.ts';

/** What the page shows, in sections that change on their own. Each is a JSON text, compared to see whether it did. */
export type Sections = Record<'about' | 'phones' | 'tickets' | 'crm' | 'traffic' | 'faults' | 'service', string>;

const shownBubbles = 200;
const shownTickets = 100;
const shownRequests = 40;

/** The page's picture of the world at this moment. `links` keeps a file's address the same from picture to picture. */
export function readSections(world: World, switches: Switches, figures: Figures, links: Links): Sections {
  const sections = {
    about: {
      page: messengerAccount.pageName,
      keyPrefix: keyOf(''),
      account: accounts.channel,
      service: world.service.url,
    },
    phones: world.messenger.threads().map((thread) => phone(thread, links)),
    tickets: world.zendesk.tickets().slice(-shownTickets),
    crm: crm(world),
    traffic: traffic(world),
    faults: faults(world, switches),
    service: { ...figures, running: world.service.exitCode() === undefined },
  };
  return Object.fromEntries(Object.entries(sections).map(([k, v]) => [k, JSON.stringify(v)])) as Sections;
}

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

const phone = (thread: Thread, links: Links): Thread => ({
  ...thread,
  pictureUrl: links(thread.pictureUrl),
  bubbles: thread.bubbles.slice(-shownBubbles).map((bubble) => ({
    ...bubble,
    attachments: bubble.attachments.map((file) => (file.url && file.bytes ? { ...file, url: links(file.url) } : file)),
  })),
});

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
    messenger: seen(world.messenger),
    zendesk: seen(world.zendesk),
    salesforce: seen(world.salesforce),
    service: world.tap.webhooks.slice(-shownRequests).map((webhook) => ({ method: 'POST', ...webhook })),
  };
}

function faults(world: World, switches: Switches) {
  const waiting = (platform: Platform) => world[platform].faults();
  return {
    waiting: Object.fromEntries(platforms.map((platform) => [platform, waiting(platform)])),
    switches,
    owed: { messenger: world.messenger.webhooks.owed(), zendesk: world.zendesk.webhooks.owed() },
  };
}
