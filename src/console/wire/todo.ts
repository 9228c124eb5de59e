/** How much waits for a person. */
export interface TodoCounts {
  parked: number;
  questions: number;
  /** Targets that are paused or broken. */
  targets: number;
  /** Rules of platforms that end within sixty days. */
  rules: number;
}

/** Something set aside: a message that a target refused, or an event that could not be applied. */
export interface ParkedLine {
  id: string;
  what: 'message' | 'event';
  target: string | null;
  account: string;
  conversation: number | null;
  message: number | null;
  kind: string;
  author: string | null;
  ticket: { number: string; url: string | null } | null;
  reason: string;
  attempts: number;
  replays: number;
  at: string;
  parkedAt: string;
}

export interface ParkedView extends ParkedLine {
  advice: string;
  /** Null without the right to read it. */
  text: string | null;
  /** Bubbles of a reply of which nobody knows whether they arrived. */
  unsure: number;
}

/** A target whose work waits. */
export interface WaitingTarget {
  target: string;
  state: 'paused' | 'broken';
  reason: string;
  since: string;
  probeAt: string;
}

/** A rule of a platform that ends soon. */
export interface EndingRule {
  channel: string;
  id: string;
  rule: string;
  note: string | null;
  source: string;
  ends: string;
  days: number;
}
