import type { ChannelAccount } from '../channels/channel.ts';
import type { CrmAccount } from '../crms/crm.ts';
import type { ConnectedChannel, ConnectedHelpdesk } from '../flows/world.ts';
import type { Helpdesk, HelpdeskAccount } from '../helpdesks/helpdesk.ts';
import type { CallbackAccount } from '../http/callbacks.ts';
import type { Tools } from '../kit/tools.ts';
import type { Settings } from '../settings/settings.ts';
import { channels, crms, helpdesks } from './kinds.ts';

/** The configured accounts with the code that speaks to them. Their schemas were checked when the settings were read. */
export function connect(settings: Settings, tools: Tools) {
  const callbacks: CallbackAccount[] = settings.helpdesks.map((account) => ({
    helpdesk: helpdesks.get(account.kind)!,
    account: account as unknown as HelpdeskAccount,
  }));
  for (const { helpdesk, account } of callbacks) {
    for (const warning of helpdesk.warnings(account))
      tools.log.warn('helpdesk.warning', { helpdesk: account.id, warning });
  }
  return {
    callbacks,
    channels: new Map(
      settings.channels.map((account): [string, ConnectedChannel] => [
        account.id,
        { channel: channels.get(account.kind)!, account: account as unknown as ChannelAccount },
      ]),
    ),
    helpdesks: new Map(
      callbacks.map(({ helpdesk, account }): [string, ConnectedHelpdesk] => [
        account.id,
        {
          id: account.id,
          session: helpdesk.connect(account, tools),
          limits: helpdesk.limits,
          ...shared(helpdesk, account),
        },
      ]),
    ),
    crms: new Map(
      settings.crms.map((account) => {
        const crm = crms.get(account.kind)!;
        return [
          account.id,
          { id: account.id, session: crm.connect(account as unknown as CrmAccount, tools), limits: crm.limits },
        ];
      }),
    ),
  };
}

function shared(helpdesk: Helpdesk, account: HelpdeskAccount): Pick<ConnectedHelpdesk, 'contactsOf' | 'keepsHistory'> {
  const crm = helpdesk.contactsOf?.(account);
  return crm === undefined ? {} : { contactsOf: crm, keepsHistory: helpdesk.keepsHistory?.(account) ?? false };
}
