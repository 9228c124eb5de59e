import type { AccountAddress, MessageId, PlatformUserId } from './ids.ts';
import type { Part } from './part.ts';
import type { Profile } from './person.ts';

interface Common {
  /** Whose event it is: one webhook may carry those of several accounts. */
  to: AccountAddress;
  /**
   * The platform's own id of the event, or a hash of it where it has none. With `type` it is unique within an
   * account: the door drops a second one as a repeat.
   */
  id: string;
  /** The platform's own time, not ours. */
  at: Date;
  /** Another app owns the thread; we only listen. */
  standby?: true;
  /** What the event itself tells of the customer: a name, a phone number the platform vouches for. */
  profile?: Profile;
  /** Further ids of the same person that the event tells, by their kind (`unionid`, `business-scoped-id`…). */
  aliases?: Record<string, string>;
  /** Where it was found, if no webhook told it: in the platform's own history of the conversation. */
  found?: 'history';
}

/** Where a customer came from: an ad, a link with a `ref`, a QR code… */
export interface Referral {
  ref?: string;
  source?: string;
  type?: string;
  adId?: string;
  title?: string;
  url?: string;
}

/**
 * What the platform itself does about what the customer wants to hear: by an opt-out it stops `everything`, or what is for
 * `marketing`, and by an opt-in it lets that through again. An opt-in to marketing is a yes to it.
 */
export interface ConsentTold {
  to: 'everything' | 'marketing';
}

/** What a webhook tells. What a channel does not know is `unsupported`: kept and shown, never dropped. */
export type InboundEvent = Common &
  (
    | {
        type: 'message';
        from: PlatformUserId;
        id: MessageId;
        parts: Part[];
        replyTo?: MessageId;
        referral?: Referral;
        /** Lets the account answer this message free of charge, once, for a short while. */
        answerToken?: { token: string; until: Date };
        /** Where it was said, if not in the chat: under a post, in a story… It opens a ticket only if the mapping wants it. */
        public?: { what: 'comment' | 'mention'; of?: string; url?: string };
      }
    /** A message the business sent, told back. `from` is the account itself, `user` the customer. */
    | {
        type: 'echo';
        from: string;
        user: PlatformUserId;
        id: MessageId;
        parts: Part[];
        /** The app that sent it; absent for some human replies. */
        appId?: string;
        /** What the sender hid in the message; ours is a Marker. */
        marker?: string;
        replyTo?: MessageId;
      }
    | { type: 'edit'; from: PlatformUserId; of: MessageId; parts: Part[]; edits?: number }
    | { type: 'unsend'; from: PlatformUserId; of: MessageId }
    /** A button, menu entry or Get Started was tapped. */
    | {
        type: 'postback';
        from: PlatformUserId;
        parts: Part[];
        payload?: string;
        referral?: Referral;
        /** As that of a message. */
        answerToken?: { token: string; until: Date };
      }
    | { type: 'referral'; from: PlatformUserId; referral: Referral }
    /** `upTo` is a watermark: everything sent until then. */
    | {
        type: 'receipt';
        from: PlatformUserId;
        state: ReceiptState;
        of: MessageId[];
        upTo?: Date;
        why?: string;
        /** Of a failure: the platform's own code, as that of a refused send. */
        code?: string;
        /** What the sender hid in the message; ours is a Marker. It settles a send whose answer was lost. */
        marker?: string;
      }
    | {
        type: 'reaction';
        from: PlatformUserId;
        of: MessageId;
        action: 'react' | 'unreact';
        emoji?: string;
        name?: string;
      }
    /** `userRef` is the checkbox plugin's own id for someone whose platform id is not yet known. */
    | {
        type: 'opt-in';
        from?: PlatformUserId;
        userRef?: string;
        ref?: string;
        what: string;
        details: Record<string, string>;
        consent?: ConsentTold;
        /** Where they are, as IANA names it. */
        timeZone?: string;
      }
    /** They stopped following, blocked the account or wrote a word that ends messages. */
    | { type: 'opt-out'; from: PlatformUserId; what: string; details: Record<string, string>; consent: ConsentTold }
    /**
     * News of who the platform user is, beside `profile` and `aliases`. `now`: the platform names them so from here on (a
     * changed phone number).
     */
    | { type: 'identity'; from: PlatformUserId; now?: PlatformUserId }
    /** Something happened in a group chat (`chat`), which is not served here: it is declined, once. */
    | { type: 'group'; chat: string; what: string; answerToken?: { token: string; until: Date } }
    | { type: 'account-link'; from: PlatformUserId; linked: boolean; code?: string }
    /** The platform passed the thread between apps. */
    | { type: 'handover'; from?: PlatformUserId; what: string; details: Record<string, string> }
    /** The platform's history names a message but no longer shows it: neither who wrote it nor what it said. */
    | { type: 'missed'; from: PlatformUserId }
    /** The platform warned, blocked or unblocked the account itself. */
    | { type: 'policy'; action: string; why?: string }
    | { type: 'unsupported'; from?: PlatformUserId; what: string }
  );

export type EventType = InboundEvent['type'];
export type EventOf<T extends EventType> = Extract<InboundEvent, { type: T }>;
export type ReceiptState = 'sent' | 'delivered' | 'read' | 'failed';

/** Whose conversation an event belongs to, if it belongs to one. */
export function conversationUser(event: InboundEvent): PlatformUserId | undefined {
  if (event.type === 'echo') return event.user;
  return 'from' in event ? event.from : undefined;
}
