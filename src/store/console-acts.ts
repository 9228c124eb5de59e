/** What happens in the console, or to its users, that the audit keeps. */
export type ConsoleAct =
  | ('signed-in' | 'signed-out' | 'signed-out-everywhere' | 'sign-in-locked')
  | ('user-added' | 'user-password' | 'user-role' | 'user-disabled' | 'user-enabled' | 'user-unlocked')
  | ('account-test-sent' | 'account-fixed')
  | ('target-tried' | 'raw-seen' | 'customer-exported');
