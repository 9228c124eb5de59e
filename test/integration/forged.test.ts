import { createHmac } from 'node:crypto';
import http, { type Server } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Arrival } from '../../src/flows/arrival.ts';
import * as helpdesks from '../../src/helpdesks/registry.ts';
import { metadataFor } from '../../src/helpdesks/zendesk/framework/keys.ts';
import { addressesOf } from '../../src/helpdesks/zendesk/framework/manifest.ts';
import type { CallbackAccount } from '../../src/http/callbacks.ts';
import { listen } from '../../src/http/server.ts';
import { sampleHelpdesks } from '../contract/samples.ts';
import { bareDoor } from '../support/bare-door.ts';
import { type SampledChannel, sampledChannels } from '../support/channel-samples.ts';

/** The door with every channel there is and Zendesk; what it would commit is kept in a list. */
const arrivals: Arrival[] = [];
let server: Server;
let rightDoor: string;
let otherServer: Server;
/** The same with other secrets. */
let otherDoor: string;
const channels = await sampledChannels();
const zendeskSecret = 'CANARY-webhook-secret';

beforeAll(async () => {
  [server, otherServer] = [door((account) => account), door(withOtherSecrets)];
  rightDoor = `http://127.0.0.1:${await listen(server, 0, '127.0.0.1')}`;
  otherDoor = `http://127.0.0.1:${await listen(otherServer, 0, '127.0.0.1')}`;
});
afterAll(() => {
  for (const each of [server, otherServer]) {
    each?.closeAllConnections();
    each?.close();
  }
});

const withOtherSecrets = (account: Record<string, unknown>): Record<string, unknown> =>
  JSON.parse(JSON.stringify(account).replaceAll('CANARY', 'ANOTHER'));

function door(changed: (account: Record<string, unknown>) => Record<string, unknown>): Server {
  const zendesk = helpdesks.zendesk.account.parse(changed(sampleHelpdesks['zendesk']!));
  return bareDoor({
    channels: channels.map(({ channel, sample }) => ({
      channel,
      account: channel.account.parse(changed(sample.account)),
    })),
    helpdesks: [{ helpdesk: helpdesks.zendesk, account: zendesk } as unknown as CallbackAccount],
    takeIn: async (arrival) => void arrivals.push(arrival),
  });
}

interface Sent {
  path: string;
  /** Names and values, in order; a name may come twice. */
  headers: [string, string][];
  body: Buffer;
  method?: string;
}

function send({ path, headers, body, method = 'POST' }: Sent, url = rightDoor): Promise<number> {
  const flat = ['host', 'chat.acme.example', ...headers.flat(), 'content-length', String(body.length)];
  return new Promise((told, failed) => {
    const request = http.request(`${url}${path}`, { method, headers: flat, agent: false }, (response) => {
      response.resume();
      told(response.statusCode ?? 0);
    });
    request.on('error', failed).end(body);
  });
}

const isRefused = async (sent: Sent, url?: string) => {
  const before = arrivals.length;
  expect(await send(sent, url)).toBe(401);
  expect(arrivals.length).toBe(before);
};

/** The same JSON in other bytes: what a proxy that parses and writes it anew would make of it. */
const reencodings: [string, (text: string) => string][] = [
  ['spaces added', (text) => text.replaceAll(':', ': ')],
  ['letters escaped', (text) => text.replace(/[a-z](?=[^"]*")/, (c) => `\\u00${c.charCodeAt(0).toString(16)}`)],
  ['written anew with raw letters', (text) => JSON.stringify(JSON.parse(text))],
  ['a line end added', (text) => `${text}\r\n`],
  ['a byte order mark added', (text) => `\ufeff${text}`],
];

describe.each(channels.map((each) => [each.kind, each] as const))('%s', (kind, { sample, bodies }: SampledChannel) => {
  const body = bodies[0]!;
  const other = Buffer.concat([body, Buffer.from(' ')]);
  const asSent = (signed: Buffer, carried = signed): Sent & { proof: string } => {
    const { headers, query } = sample.sign(signed);
    const search = new URLSearchParams(query as Record<string, string>).toString();
    const given = Object.entries(headers).map(([name, value]): [string, string] => [name, value ?? '']);
    const proof = ('header' in sample.proof ? headers[sample.proof.header] : query[sample.proof.query]) ?? '';
    return { path: `/webhooks/${kind}/acme-page${search && `?${search}`}`, headers: given, body: carried, proof };
  };
  const withProof = (proof: string | undefined): Sent => {
    const sent = asSent(body);
    if ('header' in sample.proof) {
      const { header } = sample.proof;
      const rest = sent.headers.filter(([name]) => name !== header);
      return { ...sent, headers: proof === undefined ? rest : [...rest, [header, proof]] };
    }
    const url = new URL(sent.path, rightDoor);
    if (proof === undefined) url.searchParams.delete(sample.proof.query);
    else url.searchParams.set(sample.proof.query, proof);
    return { ...sent, path: url.pathname + url.search };
  };
  const { proof } = asSent(body);

  test('as the platform sends it, it is taken', async () => {
    const before = arrivals.length;
    expect(await send(asSent(body))).toBe(200);
    expect(arrivals.slice(before).map((arrival) => arrival.body.equals(body))).toEqual([true]);
  });

  const proofs: [string, string | undefined][] = [
    ['missing', undefined],
    ['empty', ''],
    ['cut by one', proof.slice(0, -1)],
    ['cut in half', proof.slice(0, proof.length / 2)],
    ['longer by one', `${proof}0`],
    ['in other letters', proof === proof.toUpperCase() ? proof.toLowerCase() : proof.toUpperCase()],
    ['its last letter changed', proof.slice(0, -1) + (proof.endsWith('a') ? 'b' : 'a')],
    ['its first letter changed', (proof.startsWith('a') ? 'b' : 'a') + proof.slice(1)],
    ['nothing but zeros', '0'.repeat(proof.length)],
    ['the word none', 'none'],
    ['no algorithm at all', proof.replace(/^\w+=/, 'none=')],
    ['a weaker algorithm', `sha1=${createHmac('sha1', 'CANARY-app-secret').update(body).digest('hex')}`],
    ['as long as a book', 'a'.repeat(8_000)],
  ];
  test.each(proofs.filter(([, given]) => given !== proof))('its proof is %s: refused', (_, given) =>
    isRefused(withProof(given)),
  );

  test('signed with another secret: refused', () => isRefused(asSent(body), otherDoor));

  test('its proof comes twice, right or wrong: refused', async () => {
    if (!('header' in sample.proof)) return;
    const sent = withProof(undefined);
    const { header } = sample.proof;
    for (const [one, two] of [
      [proof, proof],
      ['wrong', proof],
      [proof, 'wrong'],
    ] as const)
      await isRefused({ ...sent, headers: [...sent.headers, [header, one], [header, two]] });
  });

  // What signs nothing of the body, or not its bytes, cannot tell these.
  if (sample.signs !== 'nothing') {
    test('the proof of another body: refused', () => isRefused(asSent(other, body)));
    test('a body cut short: refused', () => isRefused(asSent(body, body.subarray(0, -1))));
    test('an empty body: refused', () => isRefused(asSent(body, Buffer.alloc(0))));
  }
  if (sample.signs === 'bytes' && sample.fixtures === '.json')
    test.each(reencodings)('%s: refused', async (_, changed) => {
      const reencoded = Buffer.from(changed(body.toString('utf8')));
      // Where the fixture is written like that anyway, it would be no other body.
      if (!reencoded.equals(body)) await isRefused(asSent(body, reencoded));
    });

  test('compressed: refused, for the signature is over the bytes as they came', async () => {
    const sent = asSent(body, gzipSync(body));
    expect(await send({ ...sent, headers: [...sent.headers, ['content-encoding', 'gzip']] })).toBe(415);
  });

  test('signed, but sent to an account or channel there is not: not found', async () => {
    const sent = asSent(body);
    for (const path of [`/webhooks/${kind}/nobody`, '/webhooks/constructor/acme-page', '/webhooks/__proto__/acme-page'])
      expect(await send({ ...sent, path })).toBe(404);
  });

  test('signed, but by another method: not allowed', async () => {
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE']) {
      expect(await send({ ...asSent(body), method })).toBe(405);
    }
  });
});

describe('zendesk', () => {
  const body = Buffer.from('{"ticket_id":"35436","note":"Gr\\u00fc\\u00dfe"}');
  const signed = (timestamp: string, over = body, secret = zendeskSecret) =>
    createHmac('sha256', secret).update(timestamp).update(over).digest('base64');
  const at = (fromNow = 0) => new Date(Date.now() + fromNow).toISOString();
  const sent = (timestamp: string | undefined, signature: string | undefined, carried = body): Sent => ({
    path: '/webhooks/zendesk/acme-zendesk',
    headers: [
      ['content-type', 'application/json'],
      ...(signature === undefined ? [] : [['x-zendesk-webhook-signature', signature] as [string, string]]),
      ...(timestamp === undefined ? [] : [['x-zendesk-webhook-signature-timestamp', timestamp] as [string, string]]),
    ],
    body: carried,
  });
  const minutes = 60_000;

  test.each([0, -4.9 * minutes, 4.9 * minutes])('%d ms from now it is taken', async (fromNow) => {
    const timestamp = at(fromNow);
    expect(await send(sent(timestamp, signed(timestamp)))).toBe(200);
  });

  const refusals: [string, () => Sent][] = [
    ['signed 5 minutes ago', () => sent(at(-5.1 * minutes), signed(at(-5.1 * minutes)))],
    ['signed 6 minutes ago', () => aged(-6 * minutes)],
    ['signed a day ago', () => aged(-1_440 * minutes)],
    ['signed 6 minutes from now', () => aged(6 * minutes)],
    ['a timestamp put forward after signing', () => sent(at(), signed(at(-30 * minutes)))],
    ['no timestamp', () => sent(undefined, signed(''))],
    ['an empty timestamp', () => sent('', signed(''))],
    ['a timestamp that is none', () => sent('now', signed('now'))],
    ['a timestamp in seconds', () => sent('1700000000', signed('1700000000'))],
    ['no signature', () => sent(at(), undefined)],
    ['an empty signature', () => sent(at(), '')],
    ['a signature cut short', () => fresh((right) => right.slice(0, -2))],
    ['a signature without its padding', () => fresh((right) => right.replace(/=+$/, ''))],
    ['a signature in hex', () => fresh((right) => Buffer.from(right, 'base64').toString('hex'))],
    ['a signature for URLs', () => fresh((right) => `${right.replace(/[+]/g, '-').replace(/[/]/g, '_')}_`)],
    ['another secret', () => now((timestamp) => signed(timestamp, body, 'other'))],
    [
      'an empty secret',
      () => now((timestamp) => createHmac('sha256', '').update(timestamp).update(body).digest('base64')),
    ],
    [
      'SHA-1',
      () => now((timestamp) => createHmac('sha1', zendeskSecret).update(timestamp).update(body).digest('base64')),
    ],
    [
      'SHA-512',
      () => now((timestamp) => createHmac('sha512', zendeskSecret).update(timestamp).update(body).digest('base64')),
    ],
    ['only the body signed', () => now(() => createHmac('sha256', zendeskSecret).update(body).digest('base64'))],
    [
      'body and timestamp the other way round',
      () => now((timestamp) => createHmac('sha256', zendeskSecret).update(body).update(timestamp).digest('base64')),
    ],
    ['the body written anew', () => now(signed, Buffer.from(JSON.stringify(JSON.parse(body.toString()))))],
    ['the body cut short', () => now(signed, body.subarray(0, -1))],
    ['an empty body', () => now(signed, Buffer.alloc(0))],
    [
      'the signature twice',
      () => {
        const once = now(signed);
        return { ...once, headers: [...once.headers, once.headers[1]!] };
      },
    ],
    [
      'the timestamp twice',
      () => {
        const once = now(signed);
        return { ...once, headers: [...once.headers, once.headers[2]!] };
      },
    ],
  ];
  const aged = (fromNow: number) => {
    const timestamp = at(fromNow);
    return sent(timestamp, signed(timestamp));
  };
  const fresh = (change: (right: string) => string) => now((timestamp) => change(signed(timestamp)));
  const now = (sign: (timestamp: string) => string, carried = body) => {
    const timestamp = at();
    return sent(timestamp, sign(timestamp), carried);
  };
  test.each(refusals)('%s: refused', (_, made) => isRefused(made()));
});

describe('zendesk, by the Channel framework', () => {
  const of = (secret: string) =>
    helpdesks.zendesk.account.parse({
      ...sampleHelpdesks['zendesk']!,
      mode: 'channel',
      pushClientId: 'p',
      channelSecret: secret,
    });
  const account = of('CANARY-channel-secret-of-more-than-32');
  const another = of('ANOTHER-channel-secret-of-more-than-32');
  const asked: string[] = [];
  let framework: Server;
  let url: string;
  beforeAll(async () => {
    framework = bareDoor({
      channels: [],
      helpdesks: [{ helpdesk: helpdesks.zendesk, account } as unknown as CallbackAccount],
      takeIn: async () => undefined,
      calls: {
        connectTo: async () => ({ result: 'done', value: void asked.push('connect') }),
        takeReply: async () => asked.push('reply') > 0,
        takeTold: async () => void asked.push('told'),
        conversationOf: async () => undefined,
      },
    });
    url = `http://127.0.0.1:${await listen(framework, 0, '127.0.0.1')}`;
  });
  afterAll(() => void framework?.close());

  const at = addressesOf(account, '');
  const metadata = metadataFor(account, 'instance-1');
  const reply = { message: 'x', thread_id: 't', request_unique_identifier: 'u', metadata };
  const connecting = {
    instance_push_id: 'i',
    zendesk_access_token: 't',
    subdomain: 'acme',
    return_url: 'https://acme.zendesk.com/x',
  };
  const form = (fields: Record<string, string>) => new URLSearchParams(fields).toString();
  const told = '{"events":[]}';
  const statusOf = (path: string, body = '', method = 'POST') =>
    send(
      { path, body: Buffer.from(body), headers: [['content-type', 'application/x-www-form-urlencoded']], method },
      url,
    );

  test('what Zendesk sends is taken', async () => {
    const statuses = [
      await statusOf(at.channelback, form(reply)),
      await statusOf(at.events, told),
      await statusOf(at.admin, form(connecting)),
    ];
    expect([statuses, asked]).toEqual([
      [200, 200, 200],
      ['reply', 'told', 'connect'],
    ]);
  });

  const other = addressesOf(another, '');
  const keyless = (path: string) => path.replace(/[^/]+$/, '');
  test.each([
    ['a reply at an address made with another secret', other.channelback, form(reply)],
    ['events at such an address', other.events, told],
    ['an account at such an address', other.admin, form(connecting)],
    ['a reply at the address of events', at.events.replace('/events/', '/channelback/'), form(reply)],
    ['an account at the address of the manifest', at.manifest.replace('/manifest/', '/admin/'), form(connecting)],
    ['a key cut by one', at.events.slice(0, -1), told],
    ['a key in capitals', `${keyless(at.events)}${at.events.split('/').at(-1)!.toUpperCase()}`, told],
    ['metadata of another secret', at.channelback, form({ ...reply, metadata: metadataFor(another, 'instance-1') })],
    [
      'metadata of another instance',
      at.channelback,
      form({ ...reply, metadata: metadata.replace('instance-1', 'instance-2') }),
    ],
    ['no metadata', at.channelback, form({ ...reply, metadata: '' })],
    ['metadata twice, the first wrong', at.channelback, `metadata=x&${form(reply)}`],
  ])('%s: refused', async (_, path, body) => {
    const before = asked.length;
    expect([await statusOf(path, body), asked.length - before]).toEqual([401, 0]);
  });

  test('a form that would lead elsewhere, or is of another Zendesk, is not shown', async () => {
    const before = asked.length;
    for (const wrong of [
      { return_url: 'https://evil.example/?x=.zendesk.com' },
      { return_url: 'http://acme.zendesk.com/x' },
      { return_url: 'javascript:alert(1)' },
      { return_url: 'https://acme.zendesk.com.evil.example/' },
      { subdomain: 'another' },
    ])
      expect(await statusOf(at.admin, form({ ...connecting, ...wrong }))).toBe(400);
    expect(asked.length).toBe(before);
  });

  test('without a key, by another name or another method there is nothing; with plain tickets nothing at all', async () => {
    for (const path of [
      keyless(at.events).slice(0, -1),
      `${keyless(at.events)}`,
      '/webhooks/zendesk/acme-zendesk/constructor/x',
    ])
      expect(await statusOf(path, told)).toBe(404);
    expect(await statusOf(at.events, '', 'GET')).toBe(404);
    expect(await statusOf(at.events, told, 'PUT')).toBe(405);
    expect(await send({ path: at.events, body: Buffer.from(told), headers: [] })).toBe(404);
  });
});
