/** A part of the configuration, as it may be shown. */
export interface SettingGroup {
  /** `server`, `database`… as in the configuration. */
  name: string;
  settings: Setting[];
}

export interface Setting {
  /** As it is written in the configuration: `ledger.keepWebhooksFor`. */
  name: string;
  value: string;
}

export interface SettingsShown {
  groups: SettingGroup[];
  users: UserLine[];
}

export interface UserLine {
  email: string;
  name: string | null;
  role: string;
  source: string;
  disabled: boolean;
  signedInAt: string | null;
  sessions: number;
}
