import type { CampaignState, Segment, Thresholds } from '../../domain/campaign.ts';

export type { CampaignState, Segment };

/** A campaign in a list. */
export interface CampaignLine {
  id: number;
  name: string;
  state: CampaignState;
  reason: string | null;
  purpose: string;
  texts: string;
  startAt: string | null;
  madeBy: string;
  madeAt: string;
  /** How many notices it has, and how many of them were let go. */
  planned: number;
  released: number;
  endedAt: string | null;
}

export type CampaignStep = 'start' | 'approve' | 'pause' | 'resume' | 'stop';

export interface CampaignView extends CampaignLine {
  variables: Record<string, unknown>;
  segment: Segment;
  perMinute: number;
  /** The share that is told nothing: 0 to 0.9. */
  holdOut: number;
  thresholds: Thresholds;
  expiresAfterMs: number;
  plannedAt: string | null;
  approvedBy: string | null;
  approvedAt: string | null;
  /** What can be done with it now by whoever asks. */
  steps: CampaignStep[];
  /** Once started it waits for a second person. */
  approval: boolean;
  /** Whoever changed the draft. */
  changedBy: string[];
  /** Whoever asks made it or changed it, so that somebody else has to approve of it. */
  own: boolean;
}

/** Amounts are in the currency itself. */
export interface CampaignEstimate {
  /** Of very many customers: reckoned from some of them, right to a few in a hundred. */
  about: boolean;
  customers: number;
  heldOut: number;
  accounts: { account: string; kind: string; customers: number }[];
  minutes: number;
  costs: { currency: string; amount: number }[];
  /** Kinds of channel for which nobody said a price. */
  withoutPrice: string[];
}

/** What a campaign has come to, in customers. */
export interface CampaignReport {
  planned: number;
  heldOut: number;
  held: number;
  underWay: number;
  sent: number;
  delivered: number;
  read: number;
  failed: number;
  refused: number;
  expired: number;
  reasons: { state: string; reason: string; customers: number }[];
  replied: number;
  tickets: number;
  optedOut: number;
}

/** What a campaign can be made of. */
export interface CampaignChoices {
  texts: string[];
  purposes: string[];
  channels: { kind: string; label: string }[];
  accounts: string[];
  perMinute: number;
  thresholds: Thresholds;
}

/** A campaign as it is asked for: what is left out is as the configuration says. Lengths of time are texts such as `90d`. */
export interface CampaignWish {
  name: string;
  purpose: string;
  texts: string;
  variables?: Record<string, string>;
  segment?: {
    channels?: string[];
    accounts?: string[];
    languages?: string[];
    attributes?: Record<string, string>;
    bought?: { products: string[]; within: string };
    notBought?: { products: string[]; within: string };
    leaveOutBuyersFor?: string;
    wroteWithin?: string;
  };
  perMinute?: number;
  holdOut?: number;
  startAt?: string;
  expiresAfter?: string;
  /** When it stops by itself. */
  stopAt?: Thresholds;
}
