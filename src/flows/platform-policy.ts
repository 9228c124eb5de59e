import type { Channel, ChannelAccount } from '../channels/channel.ts';
import { inForce, type PolicyBook, type PolicyRule, rulesOf } from '../domain/policy.ts';
import type { WindowRules } from '../domain/window.ts';
import type { ConnectedChannel } from './world.ts';

/**
 * The rules of a platform: those of the book, which is the truth where it speaks of the channel; of a channel it says nothing
 * of, what the channel's own limits come to.
 */
export const policyOf = (book: PolicyBook, channel: Channel): readonly PolicyRule[] =>
  book.get(channel.kind) ?? rulesOfLimits(channel);

/** What a channel says of itself, as rules. */
export function rulesOfLimits({
  limits,
  label,
  listTemplates,
}: Pick<Channel, 'limits' | 'label' | 'listTemplates'>): PolicyRule[] {
  const { window, humanAgentWindow, messagesPerWindow } = limits;
  const source = `the limits of the channel ${label}`;
  const free: PolicyRule = window
    ? { id: 'window', rule: 'window', lasts: window, messages: messagesPerWindow, source }
    : { id: 'open', rule: 'open', source };
  return [
    free,
    ...(humanAgentWindow ? [{ id: 'human-agent', rule: 'human-agent', lasts: humanAgentWindow, source } as const] : []),
    ...(listTemplates
      ? [{ id: 'utility-template', rule: 'template', form: 'utility', purposes: ['order-updates'], source } as const]
      : []),
  ];
}

export const mayAsHuman = ({ channel, account }: { channel: Channel; account: ChannelAccount }): boolean =>
  channel.mayWriteAsHuman?.(account) ?? false;

/** How long an agent may answer, by the rules that hold at that moment. */
export function windowOf(book: PolicyBook, connected: ConnectedChannel, at: Date): WindowRules {
  const rules = inForce(policyOf(book, connected.channel), at);
  const [window] = rulesOf(rules, 'open').length > 0 ? [] : rulesOf(rules, 'window');
  const [human] = mayAsHuman(connected) ? rulesOf(rules, 'human-agent') : [];
  return { ...(window ? { window: window.lasts } : {}), ...(human ? { humanAgentWindow: human.lasts } : {}) };
}

/** Whether the rules count what is sent in the window; only then it has to be looked up. */
export const countsMessages = (rules: readonly PolicyRule[], at: Date): boolean =>
  rulesOf(inForce(rules, at), 'window').some(({ messages }) => messages !== undefined);
