import { strToU8, zipSync } from 'fflate';
import type { ChannelApp } from '../cli/channel-app.ts';
import type { GoodConfiguration } from '../cli/program.ts';
import type { HelpdeskAccount } from '../helpdesks/helpdesk.ts';
import { helpdesks } from './kinds.ts';

/** The app of the helpdesk with this id, zipped. */
export function channelApp({ settings }: GoodConfiguration, id: string): ChannelApp {
  const account = settings.helpdesks.find((each) => each.id === id) as HelpdeskAccount | undefined;
  if (!account) return { cannot: `no helpdesk is called ${id}` };
  const { label, app } = helpdesks.get(account.kind)!;
  const files = app?.(account, settings.server.publicUrl?.replace(/\/+$/, '')) ?? {
    cannot: `${label} is not installed by an app`,
  };
  if ('cannot' in files) return files;
  const bytes = [...files].map(([path, file]) => [path, typeof file === 'string' ? strToU8(file) : file] as const);
  return { zip: zipSync(Object.fromEntries(bytes)) };
}
