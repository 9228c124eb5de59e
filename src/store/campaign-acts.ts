/** What is done to campaigns, as the audit names it. */
export type CampaignAct =
  | 'campaign-made'
  | 'campaign-changed'
  | 'campaign-started'
  | 'campaign-approved'
  | 'campaign-paused'
  | 'campaign-resumed'
  | 'campaign-stopped'
  | 'campaign-tested'
  | 'exclusions-exported';
