import type { LinkWanted } from '../channel.ts';
import type { LineAccount } from './account.ts';

/** The token comes back in the text, which the customer only has to send (LINE, "URL schemes", oaMessage). */
export const linkFor = ({ basicId }: LineAccount, token: string, { greeting }: Pick<LinkWanted, 'greeting'>) =>
  basicId === undefined
    ? { needs: 'basicId' }
    : {
        url: `https://line.me/R/oaMessage/${encodeURIComponent(basicId)}/?${encodeURIComponent(`${greeting} ${token}`)}`,
      };
