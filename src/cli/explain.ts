import type { Channel, Received } from '../channels/channel.ts';
import { closest } from '../kit/closest.ts';
import { asVerified } from '../kit/webhook.ts';
import { type ExitCode, exitCodes, printable, type Terminal, table } from './terminal.ts';

type InboundEvent = Extract<Received, { events: unknown }>['events'][number];

export interface Explain {
  kind: string;
  /** A path, or `-` for standard input. */
  file: string;
  json: boolean;
}

/** Prints the events a webhook's body would become. Nothing is stored, sent or looked up. */
export async function explain(
  { kind, file, json }: Explain,
  channels: Readonly<Record<string, Channel>>,
  terminal: Terminal,
): Promise<ExitCode> {
  const channel = Object.hasOwn(channels, kind) ? channels[kind] : undefined;
  if (!channel) {
    terminal.err(unknownKind(kind, Object.keys(channels)));
    return exitCodes.usage;
  }
  const body = await terminal.read(file).catch(() => undefined);
  if (!body) {
    terminal.err(`${file} cannot be read.`);
    return exitCodes.usage;
  }
  return printed(channel.receive(unsigned(body)), json, terminal);
}

/** The body as if its signature held: whoever has the file has no signature, and nothing here acts on what it says. */
function unsigned(body: Buffer) {
  const isJson = /^\s*[[{]/.test(body.toString('utf8', 0, 100));
  const type = isJson ? 'application/json' : 'application/x-www-form-urlencoded';
  return asVerified({ method: 'POST', url: '', headers: { 'content-type': type }, query: {}, body });
}

function unknownKind(kind: string, known: string[]): string {
  const meant = closest(kind, known);
  const hint = meant ? ` Did you mean ${meant}?` : '';
  return `There is no channel of the kind ${printable(kind)}.${hint} Kinds: ${known.join(', ')}.`;
}

function printed(received: Received, json: boolean, terminal: Terminal): ExitCode {
  if ('malformed' in received) {
    terminal.err(`This is no webhook of that kind: ${received.malformed}`);
    return exitCodes.bad;
  }
  for (const line of json ? received.events.map(jsonLine) : readableLines(received.events)) terminal.out(line);
  return exitCodes.fine;
}

/** The fields everyone looks for first, in the same order on every line. */
function jsonLine(event: InboundEvent): string {
  const { type, id, to, at, ...rest } = event;
  const { from, parts, ...others } = { from: undefined, parts: undefined, ...rest };
  return JSON.stringify({ type, id, from, to, at, parts, ...others });
}

function readableLines(events: readonly InboundEvent[]): string[] {
  if (events.length === 0) return ['No events.'];
  const rows = events.map((event) => {
    const from = 'from' in event ? event.from : undefined;
    return [event.type, instant(event.at), from ?? '-', event.to, short(event.id), contentOf(event)].map(printable);
  });
  return table([['TYPE', 'AT', 'FROM', 'TO', 'ID', 'CONTENT'], ...rows]);
}

/** Some ids are hashes of 64 letters; their beginning is enough to tell them apart. */
const short = (id: string): string => (id.length > 24 ? `${id.slice(0, 23)}…` : id);

const instant = (at: Date): string => (Number.isNaN(at.getTime()) ? '?' : at.toISOString());

function contentOf(event: InboundEvent): string {
  const { type: _, id: __, to: ___, at: ____, ...rest } = event;
  const { from: _____, parts, ...others } = { from: undefined, parts: [], ...rest };
  const facts = Object.entries(others).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return [...parts.map(partText), ...facts].join('; ');
}

function partText(part: Readonly<Record<'type', string>>): string {
  const { type, ...facts } = part;
  const told = Object.values(facts).map((fact) => (typeof fact === 'string' ? fact : JSON.stringify(fact)));
  return told.length > 0 ? `${type}: ${told.join(', ')}` : type;
}
