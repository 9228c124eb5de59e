import type { Finding } from '../domain/finding.ts';
import type { Check } from '../flows/doctor/run-checks.ts';
import { checkMailServer, type MailSettings } from '../kit/mailer.ts';

/** Whether codes could be mailed, without mailing any: connection, encryption, login. */
export const mailCheck = (mail: MailSettings): Check => ({
  account: 'mail',
  kind: mail.encryption,
  name: 'the mail server',
  matters: 'Codes that prove an e-mail address are mailed by it; without it nobody’s is verified.',
  look: async () => [await findingOf(mail)],
});

async function findingOf(mail: MailSettings): Promise<Finding> {
  const what = `${mail.host}:${mail.port}`;
  const checked = await checkMailServer(mail);
  if (checked.ok) return { ok: true, what };
  return { ok: false, what, why: checked.why, fix: fixes[checked.fault] };
}

const fixes = {
  'not-reached': 'Correct mail.host and mail.port, or let this service reach them through the firewall.',
  encryption: 'Correct mail.encryption: starttls for port 587, tls for 465; the server’s certificate must be valid.',
  login: 'Correct mail.user and mail.password; some servers want a password made for this use.',
  other: 'See the mail server’s own log.',
} as const;
