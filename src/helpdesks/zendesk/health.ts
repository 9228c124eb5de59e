import { z } from 'zod';
import type { Finding } from '../../domain/finding.ts';
import type { ZendeskAccount } from './account.ts';
import type { ZendeskApi } from './api.ts';
import { attempt } from './outcome.ts';
import { checkSubscription } from './subscription.ts';
import { webhookFindings } from './webhook-health.ts';
import { ticketsBody, userBody, type WireUser } from './wire.ts';

/** Whether the login works, belongs to staff, and may read tickets; and whether Zendesk calls us back. */
export async function checkHealth(api: ZendeskApi, account: ZendeskAccount): Promise<Finding[]> {
  const me = await attempt('repeatable', () => api.get(userBody, ['users', 'me']));
  if (me.result !== 'done') {
    return [
      {
        ok: false,
        what: 'Zendesk login',
        why: me.why,
        fix: 'Check the url, and the client or token, in the settings.',
      },
    ];
  }
  return [
    { ok: true, what: 'Zendesk login' },
    roleFinding(me.value.user),
    await readFinding(api),
    await callbackFinding(api, account.id),
    ...(await webhookFindings(api, account)),
    ...(await fieldFindings(api, account)),
  ];
}

function roleFinding({ id, role }: WireUser): Finding {
  const what = 'Zendesk role';
  if (id !== null && (role === 'agent' || role === 'admin')) return { ok: true, what };
  return {
    ok: false,
    what,
    why: `the user this service logs in as is ${role ?? 'unknown'}, not an agent or admin`,
    fix: 'Make it an agent of its own (no person should share it) who may see and edit all tickets.',
  };
}

async function readFinding(api: ZendeskApi): Promise<Finding> {
  const what = 'Zendesk tickets can be read';
  const listed = await attempt('repeatable', () => api.get(ticketsBody, ['tickets'], { page: { size: 1 } }));
  if (listed.result === 'done') return { ok: true, what };
  return {
    ok: false,
    what,
    why: listed.why,
    fix: 'Give the OAuth client the scopes read and write, and the user access to all tickets.',
  };
}

const fieldBody = z.object({ ticket_field: z.object({ type: z.string(), active: z.boolean().nullish() }) });

/** Whether the field that is to say until when agents may answer is one that can. */
async function fieldFindings(api: ZendeskApi, { answerUntilField: id }: ZendeskAccount): Promise<Finding[]> {
  if (id === undefined) return [];
  const what = 'Zendesk field for until when agents may answer';
  const read = await attempt('repeatable', () => api.get(fieldBody, ['ticket_fields', id]));
  const fix = 'Run passerelle provision zendesk: it makes the field and tells its id, for answerUntilField.';
  if (read.result !== 'done') return [{ ok: false, what, why: `field ${id}: ${read.why}`, fix }];
  const { type, active } = read.value.ticket_field;
  if (type === 'text' && active !== false) return [{ ok: true, what }];
  const why = active === false ? `field ${id} is inactive` : `field ${id} is a ${type}, not a text`;
  return [{ ok: false, what, why, fix }];
}

async function callbackFinding(api: ZendeskApi, accountId: string): Promise<Finding> {
  const what = 'Zendesk webhook and trigger';
  const found = await checkSubscription(api, accountId);
  if (found.result === 'done') return found.value.ok ? { ok: true, what } : { what, ...found.value };
  // An agent's token is enough for all else, so this is no fault.
  if (found.result === 'account-broken') return { ok: true, what: `${what} (only an administrator could look)` };
  return { ok: false, what, why: found.why, fix: 'Try again in a minute.' };
}
