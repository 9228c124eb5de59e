import type { Bubble } from './contract.ts';

/** What is known of a file wherever it is kept. */
export interface KeptFile {
  name: string;
  contentType: string;
  bytes: Buffer;
}

export interface StoredAttachment<File extends KeptFile> {
  type: string;
  file?: File;
  /** For what is no file: a shared link, a place. */
  url?: string;
  name?: string;
}

/** A bubble as a simulator keeps it. */
export interface StoredBubble<File extends KeptFile> extends Omit<Bubble, 'attachments'> {
  attachments: StoredAttachment<File>[];
}

/** As the phone shows it; `linkTo` says where a file is to be had. */
export const bubbleView = <File extends KeptFile>(
  bubble: StoredBubble<File>,
  linkTo: (file: File) => string,
): Bubble => ({
  ...bubble,
  reactions: [...bubble.reactions],
  attachments: bubble.attachments.map(({ type, file, url, name }) => ({
    type,
    ...(url === undefined ? {} : { url }),
    ...(name === undefined ? {} : { name }),
    ...(file ? { url: linkTo(file), name: file.name, contentType: file.contentType, bytes: file.bytes.length } : {}),
  })),
});
