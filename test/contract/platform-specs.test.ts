import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Channel, ChannelAccount, OutgoingBody } from '../../src/channels/channel.ts';
import * as registry from '../../src/channels/registry.ts';
import { localTools } from '../../src/channels/shared/testing/platform.ts';
import type { Marker, MessageId } from '../../src/domain/ids.ts';
import { makeHttp } from '../../src/kit/http.ts';
import type { Tools } from '../../src/kit/tools.ts';
import type { ChannelSandbox, ChannelSimulator } from '../../src/sandbox/contract.ts';
import { line } from '../../src/sandbox/line/sandbox.ts';
import { photo } from '../../src/sandbox/script/sample-files.ts';
import { sms } from '../../src/sandbox/sms/sandbox.ts';
import { platformSpec, type SentRequest } from '../support/platform-spec.ts';

const text = (more: object = {}): OutgoingBody => ({ type: 'text', text: 'Yes, we ship to Oslo. ✓', ...more });
const file = (name: string, contentType: string, bytes: Buffer): OutgoingBody => ({
  type: 'file',
  name,
  contentType,
  bytes,
});
const picture = photo(20);
const bodies: OutgoingBody[] = [
  text(),
  text({
    choices: [
      { title: 'Track it', url: 'https://shop.example/o/1' },
      { title: 'Thanks', payload: 'thanks' },
    ],
  }),
  text({
    choices: [
      { title: 'Yes', payload: 'yes' },
      { title: 'No', payload: 'no' },
    ],
  }),
  file('a.png', 'image/png', picture.bytes),
  file('a.mp4', 'video/mp4', Buffer.from('a video')),
  file('a.pdf', 'application/pdf', Buffer.from('%PDF-1.7\n%%EOF')),
];

/** Which requests go to the host the specification is of. */
const specs: { sandbox: ChannelSandbox; spec: string; concerns(url: string): boolean }[] = [
  { sandbox: line, spec: 'line', concerns: () => true },
  { sandbox: sms, spec: 'twilio', concerns: (url) => new URL(url).pathname.startsWith('/2010-04-01/') },
];

describe.each(specs.map((each) => [each.spec, each] as const))('%s', (_, { sandbox, spec, concerns }) => {
  const channel = Object.values<unknown>(registry).find((each) => (each as Channel).kind === sandbox.kind) as Channel;
  const { complaints } = platformSpec(spec);
  const sent: SentRequest[] = [];
  const tools = recording(sent);
  let platform: ChannelSimulator;
  let account: ChannelAccount;
  beforeAll(async () => {
    platform = await sandbox.start();
    account = channel.account.parse({ id: 'acme', ...sandbox.account(platform) });
    platform.addCustomer({ user: sandbox.user(1), name: 'Ada' });
  });
  afterAll(async () => {
    await platform?.close();
    tools.close();
  });

  test('every request it makes is one that the platform’s own specification allows', async () => {
    const to = sandbox.user(1) as never;
    await platform.customerSends(sandbox.user(1), { type: 'text', text: 'Hello' });
    for (const body of bodies)
      for (const token of [undefined, 'a-token'])
        await channel.send(
          {
            ...{ marker: `passerelle:${randomUUID()}` as Marker, to, right: 'response', body },
            ...(token ? { answerToken: token } : {}),
          },
          account,
          tools,
        );
    const latest = 'm1' as MessageId;
    await channel.showTyping?.(to, account, tools, latest);
    await channel.markSeen?.(to, account, tools, latest);
    await channel.fetchProfile?.(to, account, tools);
    await channel.fetchMedia?.({ type: 'image', mediaId: '325708', url: `${platform.url}/none` }, account, tools);
    await channel.lookUpSent?.({ marker: 'm' as Marker, to, since: new Date(), text: 'Yes' }, account, tools);
    await channel.readHistory?.(account, new Date(Date.now() - 3_600_000), tools);
    await channel.declineGroup?.({ chat: 'C0123456789abcdef0123456789abcdef' }, account, tools);
    await channel.checkHealth?.(account, tools);
    await channel.checkSubscription?.(account, tools);
    const webhookUrl = `https://chat.acme.example/webhooks/${channel.kind}/acme`;
    for (const remove of [false, true]) await channel.provision?.({ webhookUrl, remove, apply: true }, account, tools);
    const concerned = sent.filter(({ url }) => concerns(url));
    expect(concerned.length).toBeGreaterThan(10);
    expect([...new Set(concerned.flatMap(complaints))]).toEqual([]);
  }, 30_000);

  test('what the specification does not allow is complained of', () => {
    const good = sent.find(({ method, url, body }) => method === 'POST' && concerns(url) && body !== '')!;
    const json = good.contentType?.startsWith('application/json');
    const body = json ? JSON.stringify({ ...JSON.parse(good.body), colour: 'blue' }) : `${good.body}&Colour=blue`;
    expect(complaints({ ...good, body })).toEqual([expect.stringMatching(/must NOT have unevaluated properties/)]);
    expect(complaints({ ...good, method: 'PATCH' })).toEqual([expect.stringMatching(/^there is no PATCH/)]);
    expect(complaints({ ...good, url: `${good.url}?colour=blue` })).toEqual([expect.stringMatching(/no query colour/)]);
    if (json) {
      const { messages, ...rest } = JSON.parse(good.body) as { messages: object[] };
      const withMessage = (more: object) => JSON.stringify({ ...rest, messages: [{ ...messages[0], ...more }] });
      for (const more of [
        { colour: 'blue' },
        { type: 'hologram' },
        { text: 7 },
        { quickReply: { items: [{ type: 1 }] } },
      ])
        expect([more, complaints({ ...good, body: withMessage(more) }).length > 0]).toEqual([more, true]);
    }
    expect(complaints({ ...good, body: json ? '{}' : 'From=1' }).length + Number(!json)).toBeGreaterThan(0);
  });
});

/** Real HTTP that keeps what is sent. */
function recording(sent: SentRequest[]): Tools & { close(): void } {
  const http = makeHttp();
  const request: typeof http.request = (asked) => {
    const headers = Object.fromEntries(
      Object.entries(asked.headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]),
    );
    const asIs = typeof asked.body === 'string' || Buffer.isBuffer(asked.body);
    const body = asked.body === undefined ? '' : asIs ? String(asked.body) : JSON.stringify(asked.body);
    const contentType = headers['content-type'] ?? (asIs ? undefined : 'application/json');
    sent.push({ method: asked.method, url: asked.url, contentType, body });
    return http.request(asked);
  };
  const publish = async ({ name }: { name: string }) => `https://chat.acme.example/media/${encodeURIComponent(name)}`;
  const tools = localTools({ http: { ...http, request }, publish, publicUrl: 'https://chat.acme.example' });
  const close = () => {
    tools.close();
    http.close();
  };
  return { ...tools, close };
}
