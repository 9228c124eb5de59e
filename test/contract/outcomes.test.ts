import { randomUUID } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Channel, ChannelAccount, Outgoing, SendResult } from '../../src/channels/channel.ts';
import * as registry from '../../src/channels/registry.ts';
import { localTools } from '../../src/channels/shared/testing/platform.ts';
import type { Marker } from '../../src/domain/ids.ts';
import { lengthIn } from '../../src/domain/text-unit.ts';
import type { WebhookRequest } from '../../src/kit/webhook.ts';
import * as sandboxes from '../../src/sandbox/channels.ts';
import type { ChannelSandbox, ChannelSimulator } from '../../src/sandbox/contract.ts';
import type { Fault } from '../../src/sandbox/simulator.ts';

const channelOf = (kind: string) =>
  Object.values<unknown>(registry).find((each) => (each as Channel).kind === kind) as Channel;

/** Every ending of `send` that the flows tell apart, and what makes each platform end so. */
const endings: Record<SendResult['result'], { name: string; misbehave: (platform: ChannelSimulator) => void }[]> = {
  sent: [{ name: 'all is well', misbehave: () => undefined }],
  later: [
    { name: '429', misbehave: injecting({ kind: '429', retryAfter: 7 }) },
    { name: 'a rate limit without a delay', misbehave: injecting({ kind: '429' }) },
  ],
  never: [{ name: 'a text longer than it takes', misbehave: () => undefined }],
  unsure: [
    { name: 'the connection breaks after it was taken', misbehave: injecting({ kind: 'reset-after', times: 1 }) },
    {
      name: 'no answer comes after it was taken',
      misbehave: injecting({ kind: 'timeout-after', times: 1, delayMs: 50 }),
    },
  ],
  'account-broken': [{ name: 'the token is dead', misbehave: (platform) => platform.expireToken(true) }],
};

function injecting(fault: Pick<Fault, 'kind'> & Partial<Fault>) {
  return (platform: ChannelSimulator) => platform.inject({ method: 'POST', times: 100, ...fault });
}

describe.each(Object.values<ChannelSandbox>(sandboxes).map((each) => [each.kind, each] as const))(
  '%s: each ending of a send can be reached, and is told as what it is',
  (kind, sandbox) => {
    const channel = channelOf(kind);
    const tools = localTools({ publicUrl: 'https://chat.acme.example' });
    let platform: ChannelSimulator;
    let account: ChannelAccount;
    let door: Awaited<ReturnType<typeof startDoor>>;
    let people = 0;
    beforeAll(async () => {
      platform = await sandbox.start();
      account = channel.account.parse({ id: `acme-${kind}`, ...sandbox.account(platform) });
      door = await startDoor(channel, account);
      platform.setWebhookUrl(door.url);
    });
    afterAll(async () => {
      await platform?.close();
      tools.close();
      door?.server.close();
    });

    /** Somebody who wrote just now, as their webhook names them, with the token it brought. */
    async function customer(): Promise<Pick<Outgoing, 'to' | 'answerToken'>> {
      const user = sandbox.user(++people);
      platform.addCustomer({ user, name: `Customer ${people}` });
      const before = door.customers.length;
      await platform.customerSends(user, { type: 'text', text: 'Hello' });
      expect(door.customers.length).toBe(before + 1);
      return door.customers.at(-1)!;
    }

    const outgoing = (to: Pick<Outgoing, 'to' | 'answerToken'>, text: string): Outgoing => ({
      ...to,
      marker: `passerelle:${randomUUID()}` as Marker,
      right: 'response',
      body: { type: 'text', text },
    });
    const tooLong = 'x'.repeat(channel.limits.textLength + 1);
    const shown = (user: string) => platform.threads().find((thread) => thread.user === user)?.bubbles ?? [];

    test.each(
      Object.entries(endings).flatMap(([result, ways]) =>
        ways.map(({ name, misbehave }) => [result, name, misbehave] as const),
      ),
    )('%s: %s', async (result, _, misbehave) => {
      const to = await customer();
      misbehave(platform);
      const text = result === 'never' ? tooLong : `Words ${randomUUID()}`;
      const sent = await channel.send(outgoing(to, text), account, tools);
      platform.clearFaults();
      platform.expireToken(false);
      expect(sent).toMatchObject({ result });
      const bubbles = shown(sandbox.user(people)).filter(({ from, text: said }) => from === 'page' && said === text);
      // What is told must be true: only what was sent, or may have been, is there; and never twice.
      expect(bubbles).toHaveLength(result === 'sent' || result === 'unsure' ? 1 : 0);
      if (sent.result === 'sent') expect(sent.id).not.toBe('');
      else expect(sent.why).toMatch(/\S/);
      if (sent.result === 'later' && sent.after !== undefined) expect(sent.after).toBeGreaterThan(0);
    });

    test('what is too much for one customer is said to be about them, and a limit on the account about all', async () => {
      const [busy, free] = [await customer(), await customer()];
      platform.inject({ kind: '429', method: 'POST', times: 100 });
      const limited = await channel.send(outgoing(free, 'Hello'), account, tools);
      platform.clearFaults();
      expect(limited.result === 'later' && limited.for).toBeUndefined();
      if (!platform.overloadCustomer) return;
      platform.overloadCustomer(sandbox.user(people - 1));
      expect(await channel.send(outgoing(busy, 'Hello'), account, tools)).toMatchObject({
        result: 'later',
        for: 'conversation',
        after: expect.any(Number),
      });
      expect(await channel.send(outgoing(free, 'Hello'), account, tools)).toMatchObject({ result: 'sent' });
    });

    test('once it works again, the next is sent', async () => {
      const to = await customer();
      expect(await channel.send(outgoing(to, 'Here again'), account, tools)).toMatchObject({ result: 'sent' });
    });

    test('its longest text is taken as one message', async () => {
      const to = await customer();
      const { textLength, textUnit = 'utf16' } = channel.limits;
      const text = 'é'.repeat(Math.floor(textLength / lengthIn(textUnit, 'é')));
      expect(await channel.send(outgoing(to, text), account, tools)).toMatchObject({ result: 'sent' });
    });
  },
);

/** A door that proves and reads what comes, and keeps who wrote. */
async function startDoor(channel: Channel, account: ChannelAccount) {
  const customers: Pick<Outgoing, 'to' | 'answerToken'>[] = [];
  const server: Server = createServer(async (request, response) => {
    const asked = await requestOf(request.method ?? '', `${url}${request.url}`, request.headers, buffer(request));
    const greeted = channel.greet?.(asked, [account]);
    const verified = greeted ? 'forged' : channel.verify(asked, account);
    const received = verified === 'forged' ? undefined : channel.receive(verified, account);
    const events = received && 'events' in received ? received.events : [];
    for (const event of events) {
      if (event.type !== 'message') continue;
      customers.push({ to: event.from, ...(event.answerToken ? { answerToken: event.answerToken.token } : {}) });
    }
    const answer = greeted ?? (received && 'answer' in received ? received.answer : undefined);
    response.writeHead(answer?.status ?? (received ? 200 : 401), {
      'content-type': answer?.contentType ?? 'text/plain',
    });
    response.end(answer?.body ?? '');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url: `${url}/webhooks/${channel.kind}/${account.id}`, customers, server };
}

async function requestOf(
  method: string,
  url: string,
  headers: IncomingHttpHeaders,
  body: Promise<Buffer>,
): Promise<WebhookRequest> {
  return {
    method,
    url,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    query: Object.fromEntries(new URL(url).searchParams),
    body: await body,
    receivedAt: new Date(),
  };
}
