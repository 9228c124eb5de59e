import type { NoticeDesk } from '../flows/notice-desk.ts';
import type { Tools } from '../kit/tools.ts';
import { sampleContext } from '../settings/notice-variables.ts';
import type { Settings } from '../settings/settings.ts';

/** The texts as the configuration has them, with a made-up order of this very shop. */
export const noticeDeskOf = (
  { notices, noticeTexts }: Pick<Settings, 'notices' | 'noticeTexts'>,
  tools: Tools,
): NoticeDesk => ({
  ...{ texts: noticeTexts, lists: notices.lists, tools },
  sample: () => ({ ...sampleContext(), shop: { name: notices.shopName } }),
});
