import type { Finding } from '../../domain/finding.ts';
import type { ZendeskApi } from './api.ts';
import { attempt } from './outcome.ts';
import { ticketsBody, userBody, type WireUser } from './wire.ts';

/** Whether the login works, belongs to staff, and may read tickets. */
export async function checkHealth(api: ZendeskApi): Promise<Finding[]> {
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
  return [{ ok: true, what: 'Zendesk login' }, roleFinding(me.value.user), await readFinding(api)];
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
