import type { TicketId } from '../../../domain/ids.ts';
import type { MappingDesk } from '../../../flows/mapping-desk.ts';
import type { TicketLink } from '../../wire/conversations.ts';

/** The configured accounts, as far as links into them and names of theirs go. */
export type Places = Pick<MappingDesk, 'channels' | 'helpdesks' | 'crms'>;

/** Where something can wait for its delivery. */
export const targetsOf = ({ channels, helpdesks, crms }: Places): string[] => [
  ...[...channels.keys()].map((id) => `channel:${id}`),
  ...[...helpdesks.keys()].map((id) => `helpdesk:${id}`),
  ...[...crms.keys()].map((id) => `crm:${id}`),
];

/** Where people open a ticket; null where its helpdesk is no longer configured. */
export const ticketUrl = ({ helpdesks }: Places, helpdesk: string, number: string | null): string | null =>
  number === null ? null : (helpdesks.get(helpdesk)?.session.ticketUrl(number as TicketId) ?? null);

export const ticketLink = (
  places: Places,
  ticket: { helpdesk: string; remote: string | null; state: TicketLink['state'] },
): TicketLink => ({
  number: ticket.remote,
  helpdesk: ticket.helpdesk,
  state: ticket.state,
  url: ticketUrl(places, ticket.helpdesk, ticket.remote),
});

export function channelOf({ channels }: Places, account: string): { kind: string; label: string } | null {
  const connected = channels.get(account);
  return connected ? { kind: connected.channel.kind, label: connected.channel.label } : null;
}
