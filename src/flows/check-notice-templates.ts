import type { Template } from '../channels/channel.ts';
import type { NoticeTextFile } from '../domain/notice-text.ts';
import type { Tools } from '../kit/tools.ts';
import type { ConnectedChannel } from './world.ts';

/** Something that keeps an account from sending what a text names. Without `file`: its templates could not be read. */
export interface TemplateFault {
  account: string;
  file?: string;
  why: string;
}

/** Asks the platforms for the approved templates that the texts name; tells those that are not there, or not as the texts say. */
export async function checkNoticeTemplates(
  files: readonly NoticeTextFile[],
  accounts: Iterable<ConnectedChannel>,
  tools: Tools,
): Promise<TemplateFault[]> {
  const faults: TemplateFault[] = [];
  for (const { channel, account } of accounts) {
    const listed = await channel.listTemplates?.(account, tools);
    if (!listed) continue;
    if (listed.result !== 'done')
      faults.push({ account: account.id, why: `its templates could not be read: ${listed.why}` });
    else faults.push(...faultsAt(account.id, channel.kind, files, listed.value));
  }
  return faults;
}

const faultsAt = (account: string, kind: string, files: readonly NoticeTextFile[], listed: readonly Template[]) =>
  files.flatMap(({ file, text }): TemplateFault[] => {
    const wanted = text.templates[kind];
    const found = wanted && listed.find((each) => each.name === wanted.name && each.language === wanted.language);
    if (!wanted || (found?.usable === true && found.parameters === wanted.parameters)) return [];
    return [{ account, file, why: `the template ${wanted.name} (${wanted.language}) ${fault(found, wanted)}` }];
  });

function fault(found: Template | undefined, wanted: { parameters: number }): string {
  if (!found) return 'is not there';
  if (found.usable !== true) return `cannot be sent (${found.usable})`;
  return `takes ${found.parameters} parameters, and the text gives ${wanted.parameters}`;
}
