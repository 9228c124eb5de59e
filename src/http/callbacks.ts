import type { Request, Response } from 'express';
import type { ArrivedEvent } from '../flows/arrival.ts';
import { setAside } from '../flows/set-aside.ts';
import type { CallbackHint, Helpdesk, HelpdeskAccount } from '../helpdesks/helpdesk.ts';
import { type DoorParts, note, readOr, settle } from './door.ts';
import { problem } from './problem.ts';
import { webhookRequest } from './webhook-request.ts';

export interface CallbackAccount {
  helpdesk: Helpdesk;
  account: HelpdeskAccount;
}

const taken = { status: 200, contentType: 'application/json', body: '{"ok":true}' };

/** Helpdesks' callbacks: a hint that something changed on a ticket. The comments are read from the API afterwards. */
export function makeCallbacks(
  parts: Omit<DoorParts, 'channels' | 'guesses'> & { helpdesks: readonly CallbackAccount[]; now: () => Date },
) {
  return {
    kinds: new Set(parts.helpdesks.map(({ helpdesk }) => helpdesk.kind)),
    async post(request: Request, response: Response, kind: string, id: string | undefined): Promise<void> {
      const refuse = (reason: string, status: number, detail: string) => {
        note(parts, kind, reason);
        problem(response, status, detail);
      };
      const found = parts.helpdesks.find(({ helpdesk, account }) => helpdesk.kind === kind && account.id === id);
      if (!found) return refuse('unknown-account', 404, `no ${kind} account "${id ?? ''}" is configured`);
      const asked = webhookRequest(request, parts.publicUrl);
      const verified = found.helpdesk.verify(asked, found.account, parts.now());
      if (verified === 'forged') {
        note(parts, kind, 'forged');
        const detail = 'the signature is missing, too old or does not fit the body';
        return parts.forgeries.refuse(request, response, 401, detail);
      }
      const came = { kind, account: found.account.id, source: `helpdesk:${kind}`, body: asked.body };
      const received = readOr(() => found.helpdesk.readCallback(verified));
      if ('thrown' in received) return settle(parts, response, setAside(came, received.thrown, parts.log), taken);
      if ('probe' in received) return void response.json({ passerelle_probe: received.probe });
      if ('malformed' in received) return refuse('malformed', 400, received.malformed);
      const events = received.hints.map((hint) => callbackEvent(found.account.id, hint, parts.now()));
      await settle(parts, response, { ...came, events }, taken);
    },
  };
}

/** Wakes even when repeated: two changes within a second may come with the same hint. */
function callbackEvent(account: string, hint: CallbackHint, at: Date): ArrivedEvent {
  return {
    account,
    key: `callback:${hint.id}`,
    outcome: 'taken',
    platformUser: null,
    event: { type: 'callback', at },
    wakeUp: { queue: 'replies', key: `${account}|${hint.ticket}` },
    always: true,
  };
}
