import { z } from 'zod';

/** As in `domain/evidence.ts`, from weak to strong. */
export const evidenceKinds = [
  'stated',
  'platform',
  'shop-api',
  'platform-phone',
  'verified-code',
  'signed-link',
  'admin',
] as const;

const needed = z.enum(evidenceKinds);

/** How well an e-mail, a phone or a shop's customer id must be known for each act. */
export const identitySchema = () =>
  z
    .strictObject({
      showOnTicket: needed.default('stated'),
      match: needed.default('stated'),
      writePerson: needed.default('platform-phone'),
      writeContact: needed.default('platform-phone'),
    })
    .prefault({});
