import type { Finding } from '../../../domain/finding.ts';
import type { Tools } from '../../../kit/tools.ts';
import type { ZendeskAccount } from '../account.ts';
import { attempt } from '../outcome.ts';
import type { Connection } from './connection.ts';
import { tryToken } from './try-token.ts';

const what = 'Zendesk integration account';

/** Whether Zendesk can fetch the manifest and files, and whether the integration account is there and takes pushes. */
export async function frameworkFindings(
  account: ZendeskAccount,
  tools: Pick<Tools, 'http' | 'publicUrl'>,
  connection: Connection,
): Promise<Finding[]> {
  return [addressFinding(tools.publicUrl), await accountFinding(account, tools, connection)];
}

function addressFinding(publicUrl: string | undefined): Finding {
  const named = 'address for Zendesk integration';
  if (publicUrl === undefined)
    return {
      ok: false,
      what: named,
      why: 'nobody said how the internet reaches this service',
      matters: 'Zendesk cannot call it, and cannot fetch customers’ files.',
      fix: 'Set server.publicUrl to its https address.',
    };
  if (publicUrl.startsWith('https://')) return { ok: true, what: named };
  return { ok: true, warning: true, what: named, why: 'Zendesk takes integrations only at an https address' };
}

async function accountFinding(
  account: ZendeskAccount,
  tools: Pick<Tools, 'http'>,
  connection: Connection,
): Promise<Finding> {
  const kept = await attempt('repeatable', () => connection.current());
  if (kept.result !== 'done')
    return {
      ok: false,
      what,
      why: 'no integration account was set up',
      matters: 'Customers’ messages wait here until there is one.',
      fix: `Write the app with passerelle channel-app ${account.id} app.zip, upload it in Zendesk (Admin Center, Apps and integrations, Zendesk Support apps), then add an account to it under Channel apps.`,
    };
  const tried = await tryToken(account, tools, kept.value);
  if (tried.result === 'done') return { ok: true, what };
  return {
    ok: false,
    what,
    why: tried.why,
    fix:
      tried.result === 'later'
        ? 'Try again in a minute.'
        : 'Open the account in Zendesk (Admin Center, Apps and integrations, Channel apps) and save it again: that gives a new token.',
  };
}
