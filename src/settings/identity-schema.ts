import { z } from 'zod';
import { liquidOver, variables } from './mapping-text.ts';

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

const askText = 'May we ask for your e-mail address? Then we know it is you, and can write to you there as well.';
const codeSentText = 'We sent a code of six digits to {{ email }}. Please write it here within ten minutes.';
const wrongCodeText = 'That is not the code we sent to {{ email }}. Please look once more.';
const lateCodeText = 'That code holds no longer. Please write your e-mail address once more, and we send another one.';
const verifiedText = 'Thank you, {{ email }} is confirmed.';
const mailSubject = '{{ code }} is your code';
const mailText =
  'Your code is {{ code }}.\n\nPlease write it in the chat ({{ channel.label }}) within ten minutes. ' +
  'If you did not ask for it, somebody gave your address by mistake; you need do nothing.';

/** Used only where `askForEmail` is on. */
const emailTexts = () => {
  const chat = liquidOver(variables.emailCheck).text;
  const mail = liquidOver(variables.codeMail);
  return {
    askForEmail: z.boolean().default(false),
    askText: liquidOver(variables.note).text.prefault(askText),
    codeSentText: chat.prefault(codeSentText),
    wrongCodeText: chat.prefault(wrongCodeText),
    lateCodeText: chat.prefault(lateCodeText),
    verifiedText: chat.prefault(verifiedText),
    mailSubject: mail.line.prefault(mailSubject),
    mailText: mail.text.prefault(mailText),
  };
};

/** How well an e-mail, a phone or a shop's customer id must be known for each act. */
export const identitySchema = () =>
  z
    .strictObject({
      showOnTicket: needed.default('stated'),
      match: needed.default('stated'),
      writePerson: needed.default('platform-phone'),
      writeContact: needed.default('platform-phone'),
      ...emailTexts(),
    })
    .prefault({});
