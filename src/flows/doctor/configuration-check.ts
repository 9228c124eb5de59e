import type { Finding } from '../../domain/finding.ts';
import type { Check } from './run-checks.ts';

/** The configuration's accounts, as far as they speak of each other. */
export interface ConfiguredAccounts {
  channels: readonly { id: string; helpdesk?: string; crm?: string }[];
  helpdesks: readonly { id: string }[];
  crms: readonly { id: string }[];
}

/** What is configured and does nothing. */
export const configurationCheck = (accounts: ConfiguredAccounts): Check => ({
  account: 'service',
  kind: 'configuration',
  name: 'the configuration',
  matters: 'What is configured and leads nowhere does not do what whoever wrote it expects.',
  look: async () => {
    const { channels, helpdesks, crms } = accounts;
    const used = new Set(channels.flatMap(({ helpdesk, crm }) => [helpdesk, crm]));
    const found = [
      ...channels.filter(({ helpdesk }) => helpdesk === undefined).map(({ id }) => nowhere(id)),
      ...[...helpdesks, ...crms].filter(({ id }) => !used.has(id)).map(({ id }) => unused(id)),
      ...(channels.length === 0 ? [none] : []),
    ];
    return found.length > 0 ? found : [{ ok: true, what: 'every account is used' }];
  },
});

const warns = { ok: true, warning: true } as const;

const none: Finding = { ...warns, what: 'channels', why: 'none is configured, so nobody can write' };

const nowhere = (id: string): Finding => ({
  ...warns,
  what: `channel ${id}`,
  why: 'it has no helpdesk: what customers write there is kept and read by nobody',
  fix: 'Set its helpdesk to the id of an account under helpdesks.',
});

const unused = (id: string): Finding => ({
  ...warns,
  what: `account ${id}`,
  why: 'no channel names it',
  fix: 'Let a channel name it as its helpdesk or crm, or take it out.',
});
