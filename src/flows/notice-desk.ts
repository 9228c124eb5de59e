import type { NoticeTextFile, NoticeTexts } from '../domain/notice-text.ts';
import type { Tools } from '../kit/tools.ts';
import type { PreviewDesk } from './preview-notice.ts';

/** What is looked at about notices beside the ledger: their texts, and what platforms approved of. */
export interface NoticeDesk extends PreviewDesk {
  texts: NoticeTexts & { readonly files: readonly NoticeTextFile[] };
  /** Named lists that customers can be on; their purpose is `list:NAME`. */
  lists: readonly string[];
  tools: Tools;
}
