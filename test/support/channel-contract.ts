import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ChannelAccount } from '../../src/channels/channel.ts';
import { days, minutes } from '../../src/domain/duration.ts';
import { asVerified, type WebhookRequest } from '../../src/kit/webhook.ts';
import { fieldsWithoutWords } from '../contract/samples.ts';
import type { SampledChannel } from './channel-samples.ts';

/** The tests of one channel's contract that need nothing but its code, its sample account and its real bodies. */
export function testChannelContract({ kind, channel, sample, bodies }: SampledChannel): void {
  const accountOf = (): ChannelAccount => channel.account.parse(sample.account);
  /** Real bodies, so that what is changed a little still reaches deep into the readers. */
  const texts = bodies.map((body) => body.toString('utf8'));

  test('every field of its account says what it is', () => {
    expect(fieldsWithoutWords(channel.account)).toEqual([]);
  });

  test('its account takes good settings and refuses keys it does not know, other kinds and missing fields', () => {
    const good = sample.account;
    expect(channel.account.safeParse(good).success).toBe(true);
    expect(channel.account.safeParse({ ...good, colour: 'blue' }).success).toBe(false);
    expect(channel.account.safeParse({ ...good, kind: 'other' }).success).toBe(false);
    expect(channel.account.safeParse({ id: good['id'], kind }).success).toBe(false);
  });

  test('its account takes the helpdesk and CRM its conversations go to', () => {
    const account = channel.account.parse({ ...sample.account, helpdesk: 'desk', crm: 'org' });
    expect(account).toMatchObject({ id: 'acme-page', kind, helpdesk: 'desk', crm: 'org' });
  });

  test('no secret of its account shows when it is printed', () => {
    const account = accountOf();
    expect(`${JSON.stringify(account)} ${Object.values(account).join(' ')}`).not.toContain('CANARY');
  });

  test('limits are such as a platform can have', () => {
    const { textLength, attachmentBytes, window, humanAgentWindow } = channel.limits;
    expect(textLength).toBeGreaterThanOrEqual(70);
    expect(textLength).toBeLessThanOrEqual(65_536);
    expect(Number.isInteger(textLength)).toBe(true);
    expect(attachmentBytes).toBeGreaterThanOrEqual(0);
    expect(attachmentBytes).toBeLessThanOrEqual(2 ** 31);
    if (window !== undefined) {
      expect(window).toBeGreaterThanOrEqual(minutes(1));
      expect(window).toBeLessThanOrEqual(days(60));
    }
    if (humanAgentWindow !== undefined) expect(humanAgentWindow).toBeGreaterThan(window ?? Number.POSITIVE_INFINITY);
  });

  test('a way to write past the window goes with a limit that says how long', () => {
    expect(channel.limits.humanAgentWindow === undefined).toBe(channel.mayWriteAsHuman === undefined);
  });

  /** The request without what proves it, or with something else in its place. */
  const unproven = (request: WebhookRequest, instead?: string): WebhookRequest => {
    const { proof } = sample;
    const without = (values: WebhookRequest['headers'], name: string) => ({ ...values, [name]: instead });
    return 'header' in proof
      ? { ...request, headers: without(request.headers, proof.header) }
      : { ...request, query: without(request.query, proof.query) };
  };

  test('a right signature is taken; without it, or with anything it covers changed, it is forged', () => {
    const account = accountOf();
    const { sign, signs } = sample;
    const verdict = (request: WebhookRequest) => channel.verify(request, account);
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 200 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (bytes, at, by) => {
          const bare = Buffer.from(bytes);
          const body = signs === 'parameters' ? Buffer.from(`Body=${bare.toString('hex')}&n=1`) : bare;
          const signed = sign(body);
          expect(verdict(signed)).not.toBe('forged');
          expect(verdict(unproven(signed))).toBe('forged');
          if (signs === 'nothing') return;
          const changed = Buffer.from(body);
          if (signs === 'parameters') changed[5 + (at % (2 * bare.length))] = 'xyz'.charCodeAt(by % 3);
          else changed[at % changed.length]! ^= by;
          expect(verdict({ ...signed, body: changed })).toBe('forged');
          expect(verdict({ ...signed, body: Buffer.concat([body, Buffer.from('\n')]) })).toBe('forged');
        },
      ),
      { numRuns: 50 },
    );
  });

  test('signatures of any form but the right one are forged, and none throws', () => {
    const account = accountOf();
    const signed = sample.sign(Buffer.from('{}'));
    const garbled = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('sha256=', 'sha1=00', `sha256=${'0'.repeat(64)}`, `sha256=${'g'.repeat(64)}`),
    );
    fc.assert(
      fc.property(garbled, (value) => {
        expect(channel.verify(unproven(signed, value), account)).toBe('forged');
      }),
    );
  });

  /** The same twice; whole events or a reason; never a throw. */
  const readsWell = (body: Buffer): void => {
    const account = accountOf();
    const { sign } = sample;
    const once = channel.receive(asVerified(sign(body)), account);
    expect(channel.receive(asVerified(sign(Buffer.from(body))), account)).toEqual(once);
    if ('malformed' in once) {
      expect(once.malformed).not.toBe('');
      return;
    }
    for (const event of once.events) {
      expect(typeof event.id).toBe('string');
      expect(event.id).not.toBe('');
      expect(typeof event.to).toBe('string');
      expect(event.at.getTime()).not.toBeNaN();
      // What cannot be stored as it is would be lost at the door.
      expect(JSON.stringify(event)).not.toContain('\\u0000');
      expect(JSON.stringify(event).isWellFormed()).toBe(true);
      expect(JSON.stringify(event)).not.toMatch(/\\ud[89a-f]/);
    }
  };

  test('any bytes are read the same way twice, and none throws', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => readsWell(Buffer.from(bytes))));
  });

  test('any JSON is read the same way twice, and none throws', () => {
    fc.assert(fc.property(fc.json({ maxDepth: 6 }), (text) => readsWell(Buffer.from(text))));
  });

  test('real bodies with a piece replaced by anything are read the same way twice, and none throws', () => {
    const replaced = sample.fixtures === '.json' ? replacedInJson : replacedInText;
    const anything = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom('\ud800', '\0', -1, 1e300, '', [], {}, null, true, 'x'.repeat(5_000)),
    );
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.nat(), anything, (text, which, value) => {
        readsWell(Buffer.from(replaced(text, which, value)));
      }),
      { numRuns: 500 },
    );
  });

  test('events of one body have ids of their own', () => {
    for (const text of texts) {
      const received = channel.receive(asVerified(sample.sign(Buffer.from(text))), accountOf());
      if ('malformed' in received) throw new Error(received.malformed);
      const keys = received.events.map(({ type, id }) => `${type}:${id}`);
      expect(keys.length).toBeGreaterThan(0);
      expect(new Set(keys).size).toBe(keys.length);
    }
  });
}

const replacedInJson = (text: string, which: number, value: unknown): string =>
  JSON.stringify(withReplaced(JSON.parse(text), which, value));

/** A form or XML with a run of letters replaced. */
function replacedInText(text: string, which: number, value: unknown): string {
  const at = which % text.length;
  return (
    text.slice(0, at) + (typeof value === 'string' ? value : JSON.stringify(value)) + text.slice(at + 1 + (which % 7))
  );
}

/** The JSON with its `which`th piece (counted through, then around) replaced. */
function withReplaced(json: unknown, which: number, value: unknown): unknown {
  const places: [Record<string, unknown>, string][] = [];
  const walk = (each: unknown): void => {
    if (typeof each !== 'object' || each === null) return;
    for (const key of Object.keys(each)) {
      places.push([each as Record<string, unknown>, key]);
      walk((each as Record<string, unknown>)[key]);
    }
  };
  walk(json);
  const [owner, key] = places[which % places.length]!;
  owner[key] = value;
  return json;
}
