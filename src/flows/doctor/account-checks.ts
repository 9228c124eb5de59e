import type { Channel } from '../../channels/channel.ts';
import type { Finding } from '../../domain/finding.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import { type ApiUse, retirementFindings } from '../../domain/retirements.ts';
import type { Tools } from '../../kit/tools.ts';
import type { Setup } from '../provision/set-up.ts';
import type { ConnectedChannel, ConnectedCrm, ConnectedHelpdesk } from '../world.ts';
import type { Check } from './run-checks.ts';

/** An account's own check of token, rights and subscription; and whether it is set up as it would be. */
export function channelChecks({ channel, account }: ConnectedChannel, setup: Setup | undefined, tools: Tools): Check[] {
  const place = { account: account.id as string, kind: channel.kind };
  const mend = mendOf(channel, setup, () => channel.subscribe!(account, tools));
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
  ];
}

function mendOf(channel: Channel, setup: Setup | undefined, subscribe: () => Promise<Outcome<true>>): Check['mend'] {
  if (setup) return { words: 'set up as by `passerelle provision`', run: () => applied(setup) };
  return channel.subscribe ? { words: 'subscribed again', run: subscribe } : undefined;
}

async function applied(setup: Setup): Promise<Outcome<unknown>> {
  const { trouble } = await setup.apply();
  return trouble ?? done(undefined);
}

export function helpdeskChecks(
  { id, session }: ConnectedHelpdesk,
  about: { kind: string; label: string; uses: readonly ApiUse[] },
  setup: Setup | undefined,
  tools: Tools,
): Check[] {
  const place = { account: id, kind: about.kind };
  const account: Check = {
    ...place,
    name: `${about.label} account`,
    matters: 'Without it chats do not become tickets, or agents’ answers come late or not at all.',
    look: async () => [...(await session.checkHealth()), ...retirementFindings(about.uses, tools.clock.now())],
    ...(setup && { mend: { words: 'set up as by `passerelle provision`', run: () => applied(setup) } }),
  };
  return [account, ...(setup ? [setupCheck(place, about.label, setup)] : [])];
}

/** What `provision` would still change is no fault: a webhook made by hand does as well. */
function setupCheck(place: { account: string; kind: string }, label: string, setup: Setup): Check {
  return {
    ...place,
    name: `what provisioning wants at ${label}`,
    matters: 'Agents lack views, fields or macros; or callbacks go another way than this version expects.',
    look: async (): Promise<Finding[]> => {
      const what = 'set up as `passerelle provision` would';
      const compared = await setup.compare();
      // Whoever may not see it may all the same do everything else.
      if (compared.result === 'account-broken') return [{ ok: true, what: `${what} (only an administrator can look)` }];
      if (compared.result !== 'done')
        return [
          {
            ok: true,
            warning: true,
            what,
            why: `could not be compared: ${compared.why}`,
            fix: 'See what else is told of this account.',
          },
        ];
      const open = compared.value.filter(({ act }) => act !== 'leave');
      if (open.length === 0) return [{ ok: true, what }];
      const why = `${open.length} ${open.length === 1 ? 'thing differs' : 'things differ'}: ${open.map(({ act, what: thing }) => `${act} ${thing}`).join(', ')}`;
      return [{ ok: true, warning: true, what, why, fix: `passerelle provision ${place.account} --dry-run` }];
    },
    mend: { words: 'set up as by `passerelle provision`', run: () => applied(setup) },
  };
}

export const crmChecks = ({ id, session }: ConnectedCrm, about: { kind: string; label: string }): Check[] => [
  {
    account: id,
    kind: about.kind,
    name: `${about.label} account`,
    matters: 'Without it contacts and their history are not kept up to date.',
    look: () => session.checkHealth(),
  },
];
