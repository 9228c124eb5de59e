import type { GoodConfiguration } from '../cli/program.ts';
import type { Setups } from '../cli/provision.ts';
import { channelSetup, helpdeskSetup, type SetupPlace, tagsOf } from '../flows/provision/setups.ts';
import { silentLog } from '../kit/log.ts';
import { connect } from './connect.ts';
import { crms } from './kinds.ts';
import { type Closer, makeTools, sharedByNobody } from './outside.ts';

const noAddress =
  'The platforms must be told where to deliver: set server.publicUrl in the configuration to the https address under which the internet reaches this service.';

/** Every account that can be set up at its platform; neither ledger nor service need run. */
export function openSetups({ settings, mapping }: GoodConfiguration, remove: boolean): Setups | { cannot: string } {
  const publicUrl = settings.server.publicUrl?.replace(/\/+$/, '');
  if (publicUrl === undefined) return { cannot: noAddress };
  const closers: Closer[] = [];
  const tools = makeTools(settings, silentLog, closers, sharedByNobody());
  const { channels, helpdesks, callbacks } = connect(settings, tools);
  const place: SetupPlace = { publicUrl, remove, tools };
  const all = [
    ...[...channels.values()].map((each) => ({
      account: each.account.id as string,
      ...labelOf(each.channel),
      setup: channelSetup(each, place),
    })),
    ...callbacks.map(({ helpdesk, account }) => {
      const tags = tagsOf(mapping, channels.values(), account.id);
      const { session } = helpdesks.get(account.id)!;
      const setup = helpdeskSetup({ kind: helpdesk.kind, id: account.id, session, tags }, place);
      return { account: account.id as string, ...labelOf(helpdesk), setup };
    }),
    ...settings.crms.map(({ id, kind }) => ({ account: id, ...labelOf(crms.get(kind)!), setup: undefined })),
  ];
  return {
    setups: all.flatMap(({ setup }) => setup ?? []),
    byHand: all
      .filter(({ setup }) => !setup)
      .map(({ account, kind, label }) => ({
        account,
        kind,
        why: ways[kind]?.(account) ?? `${label} cannot be set up from here: see docs/guides/${kind}.md.`,
      })),
    close: async () => {
      for (const close of closers.reverse()) await close();
    },
  };
}

/** Kinds that are set up by a command of their own. */
const ways: Readonly<Record<string, (account: string) => string>> = {
  salesforce: (account) => `A Salesforce org has a command of its own: passerelle provision salesforce ${account}.`,
};

const labelOf = ({ kind, label }: { kind: string; label: string }) => ({ kind, label });
