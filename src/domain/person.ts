/** What a platform told us of a customer. Every field may be missing: permissions, privacy settings, phone-only accounts. */
export interface Profile {
  name?: string;
  firstName?: string;
  lastName?: string;
  pictureUrl?: string;
  locale?: string;
  email?: string;
  /** E.164 where known. */
  phone?: string;
  /** Further ids of the same person by their kind, as an `identity` event tells them. */
  aliases?: Record<string, string>;
}
