import type { Finding } from '../../domain/finding.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import { type ApiUse, retirementFindings } from '../../domain/retirements.ts';
import type { SetupAct } from '../../domain/setup.ts';
import type { Tools } from '../../kit/tools.ts';
import type { Setup } from '../provision/set-up.ts';
import type { ConnectedChannel, ConnectedCrm, ConnectedHelpdesk } from '../world.ts';
import type { Check } from './run-checks.ts';

type Mend = NonNullable<Check['mend']>;

/** What an account is, in words. */
interface About {
  kind: string;
  label: string;
}

/** An account's own check of token, rights and subscription; and whether it is set up as it would be. */
export function channelChecks({ channel, account }: ConnectedChannel, setup: Setup | undefined, tools: Tools): Check[] {
  const place = { account: account.id as string, kind: channel.kind };
  const again: Mend | undefined = channel.subscribe && {
    words: 'subscribed again',
    run: () => channel.subscribe!(account, tools),
  };
  const mend = setup ? provisioning(setup) : again;
  return [
    {
      ...place,
      name: `${channel.label} account`,
      matters: 'Without it what customers write does not arrive, or answers do not reach them.',
      look: async () => [
        ...((await channel.checkHealth?.(account, tools)) ?? []),
        ...retirementFindings(channel.uses?.(account) ?? [], tools.clock.now()),
      ],
      ...(mend && { mend }),
    },
    ...(setup && mend ? [setupCheck({ ...place, matters: missed }, channel.label, setup, mend)] : []),
  ];
}

export function helpdeskChecks(
  { id, session }: ConnectedHelpdesk,
  about: About & { uses: readonly ApiUse[] },
  setup: Setup | undefined,
  tools: Tools,
): Check[] {
  const place = { account: id, kind: about.kind };
  const mend = setup && provisioning(setup);
  return [
    {
      ...place,
      name: `${about.label} account`,
      matters: 'Without it chats do not become tickets, or agents’ answers come late or not at all.',
      look: async () => [...(await session.checkHealth()), ...retirementFindings(about.uses, tools.clock.now())],
      ...(mend && { mend }),
    },
    ...(setup && mend ? [setupCheck({ ...place, matters: agentsLack }, about.label, setup, mend)] : []),
  ];
}

export const crmChecks = ({ id, session }: ConnectedCrm, about: About): Check[] => [
  {
    account: id,
    kind: about.kind,
    name: `${about.label} account`,
    matters: 'Without it contacts and their history are not kept up to date.',
    look: () => session.checkHealth(),
  },
];

const missed = 'Some of what customers write, or tap, may not arrive.';
const agentsLack = 'Agents lack views, fields or macros; or callbacks go another way than this version expects.';

/** Once for all checks that ask for it: two at the same time would make everything twice. */
function provisioning(setup: Setup): Mend {
  let applying: Promise<Outcome<unknown>> | undefined;
  return {
    words: 'set up as by `passerelle provision`',
    run: () => {
      applying ??= applied(setup);
      return applying;
    },
  };
}

async function applied(setup: Setup): Promise<Outcome<unknown>> {
  const { trouble } = await setup.apply();
  return trouble ?? done(undefined);
}

const what = 'set up as `passerelle provision` would';

/** What `provision` would still change is no fault: what was set up by hand may do as well. */
const setupCheck = (
  place: Pick<Check, 'account' | 'kind' | 'matters'>,
  label: string,
  setup: Setup,
  mend: Mend,
): Check => ({
  ...place,
  name: `what provisioning wants at ${label}`,
  look: async () => [comparison(await setup.compare(), place.account)],
  mend,
});

function comparison(compared: Outcome<SetupAct[]>, account: string): Finding {
  if (compared.result === 'never' && compared.code === 'by-hand') return { ok: true, what: `${what} (by hand only)` };
  // Whoever may not look may all the same do everything else.
  if (compared.result === 'account-broken') return { ok: true, what, why: `could not be looked at: ${compared.why}` };
  if (compared.result !== 'done') {
    const fix = 'See what else is told of this account.';
    return { ok: true, warning: true, what, why: `could not be compared: ${compared.why}`, fix };
  }
  const open = compared.value.filter(({ act }) => act !== 'leave').map((each) => `${each.act} ${each.what}`);
  if (open.length === 0) return { ok: true, what };
  const why = `${open.length} ${open.length === 1 ? 'thing differs' : 'things differ'}: ${open.join(', ')}`;
  return { ok: true, warning: true, what, why, fix: `passerelle provision ${account} --dry-run` };
}
