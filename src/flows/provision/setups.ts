import type { Channel, SetupChange } from '../../channels/channel.ts';
import type { Mapping } from '../../domain/mapping.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import type { SetupAct, SetupTarget } from '../../domain/setup.ts';
import type { HelpdeskSession, HelpdeskSetupWish } from '../../helpdesks/helpdesk.ts';
import type { Secret } from '../../kit/secret.ts';
import type { Tools } from '../../kit/tools.ts';
import type { ConnectedChannel } from '../world.ts';
import type { Setup } from './set-up.ts';
import { applyKinds, compareKinds } from './set-up-kinds.ts';

export interface SetupPlace {
  /** How the internet reaches this service. */
  publicUrl: string;
  remove: boolean;
  tools: Tools;
}

/** Undefined where the channel cannot be set up from here. */
export function channelSetup({ channel, account }: ConnectedChannel, place: SetupPlace): Setup | undefined {
  if (!channel.provision) return undefined;
  const { publicUrl, remove, tools } = place;
  const webhookUrl = `${publicUrl}/webhooks/${channel.kind}/${account.id}`;
  const ask = (apply: boolean): ReturnType<NonNullable<Channel['provision']>> =>
    channel.provision!({ webhookUrl, remove, apply }, account, tools);
  return {
    account: account.id,
    kind: channel.kind,
    compare: async () => actsOf(await ask(false)),
    apply: async () => {
      const applied = actsOf(await ask(true));
      return applied.result === 'done' ? { acts: applied.value } : { acts: [], trouble: applied };
    },
    secrets: async () => done([]),
    hints: async () => [],
  };
}

const actsOf = (outcome: Outcome<SetupChange[]>): Outcome<SetupAct[]> =>
  outcome.result === 'done' ? done(outcome.value.map(actOf)) : outcome;

const actOf = ({ what, now, wanted }: SetupChange): SetupAct => ({ act: 'change', what, fields: [{ now, wanted }] });

interface SetUpHelpdesk {
  kind: string;
  id: string;
  session: HelpdeskSession;
  tags: HelpdeskSetupWish['tags'];
}

/** Undefined where the helpdesk cannot be set up from here. */
export function helpdeskSetup({ kind, id, session, tags }: SetUpHelpdesk, place: SetupPlace): Setup | undefined {
  if (!session.setup) return undefined;
  const webhookUrl = `${place.publicUrl}/webhooks/${kind}/${id}`;
  return targetSetup({ account: id, kind }, () => session.setup!({ webhookUrl, tags }), place);
}

/** A setup made of kinds of things. `open` asks the platform who we are there, so it is asked when it is needed, and once. */
export function targetSetup(
  named: Pick<Setup, 'account' | 'kind'>,
  open: () => Promise<Outcome<SetupTarget<Secret>>>,
  { remove, tools }: SetupPlace,
): Setup {
  let opened: Promise<Outcome<SetupTarget<Secret>>> | undefined;
  const target = () => {
    opened ??= open();
    return opened;
  };
  return {
    ...named,
    compare: async () => {
      const found = await target();
      return found.result === 'done' ? compareKinds(found.value.kinds, remove) : found;
    },
    apply: async () => {
      const found = await target();
      return found.result === 'done'
        ? applyKinds(found.value.kinds, remove, tools.clock)
        : { acts: [], trouble: found };
    },
    secrets: async () => {
      const found = await target();
      if (found.result !== 'done') return found;
      return remove ? done([]) : ((await found.value.secrets?.()) ?? done([]));
    },
    hints: async () => {
      const found = await target();
      return found.result === 'done' && !remove ? (found.value.hints?.() ?? []) : [];
    },
  };
}

/** What the mapping writes on tickets of the channels that go to this helpdesk. A tag made of a customer's data is none of these. */
export function tagsOf(
  mapping: Mapping,
  channels: Iterable<ConnectedChannel>,
  helpdesk: string,
): HelpdeskSetupWish['tags'] {
  const served = [...channels].filter(({ account }) => account.helpdesk === helpdesk);
  const each = served.map((connected) => ({ ...connected, tags: mapping.tickets.tags(sample(connected)) }));
  const shared = (each[0]?.tags ?? []).filter((tag) => each.every(({ tags }) => tags.includes(tag)));
  const told = each.flatMap(({ channel, tags }) =>
    tags.filter((tag) => tag === channel.kind).map((tag) => ({ label: channel.label, tag: tag.toLowerCase() })),
  );
  const chat = shared.find((tag) => !told.some((channel) => channel.tag === tag));
  return {
    // Helpdesks keep tags in small letters.
    ...(chat === undefined ? {} : { chat: chat.toLowerCase() }),
    channels: [...new Map(told.map((channel) => [channel.tag, channel])).values()],
    replyFailed: mapping.tickets.failureTag.toLowerCase(),
  };
}

const sample = ({ channel, account }: ConnectedChannel) => ({
  channel: { id: account.id, kind: channel.kind, label: channel.label },
  customer: { name: '', platformUserId: '' },
  conversation: { id: '' },
});
