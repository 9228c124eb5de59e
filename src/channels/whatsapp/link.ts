import type { LinkWanted } from '../channel.ts';
import type { WhatsAppAccount } from './account.ts';

/** The token comes back in the text, which the customer only has to send (WhatsApp, "Click to chat"). */
export const linkFor = ({ phoneNumber }: WhatsAppAccount, token: string, { greeting }: Pick<LinkWanted, 'greeting'>) =>
  phoneNumber === undefined
    ? { needs: 'phoneNumber' }
    : { url: `https://wa.me/${phoneNumber.slice(1)}?text=${encodeURIComponent(`${greeting} ${token}`)}` };
