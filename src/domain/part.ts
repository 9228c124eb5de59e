/** The kinds of part that are a file at the platform and become a file on the ticket. */
export const mediaTypes = ['image', 'video', 'audio', 'file', 'sticker'] as const;
export type MediaType = (typeof mediaTypes)[number];

/** A file in a message. `url` or `mediaId` says where the channel's `fetchMedia` gets the bytes. */
export interface MediaPart {
  type: MediaType;
  url?: string;
  /** The platform's id of the file, where it must be asked for a URL first. */
  mediaId?: string;
  /** File name as the platform or the sender gave it. */
  name?: string;
  title?: string;
  stickerId?: string;
}

/** A piece of a message. Everything a customer can say is a list of these; nothing is dropped for want of a kind. */
export type Part =
  | { type: 'text'; text: string }
  | MediaPart
  | { type: 'location'; latitude: number; longitude: number; title?: string; url?: string }
  /** A shared link, post, reel, product… `what` is the platform's word for it. */
  | { type: 'link'; what: string; url?: string; title?: string; text?: string }
  /** A quick reply, button or menu entry that was tapped. `title` is what the customer saw, `payload` what we hid in it. */
  | { type: 'button'; title?: string; payload?: string }
  /** A structured message (receipt, list of products…), reduced to lines that can be read. */
  | { type: 'template'; what: string; lines: string[]; url?: string }
  | { type: 'unsupported'; what: string };

export const isMedia = (part: Part): part is MediaPart => (mediaTypes as readonly string[]).includes(part.type);
