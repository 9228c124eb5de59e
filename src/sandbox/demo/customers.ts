import type { Platforms } from './world.ts';

/** Who writes in the demo on Messenger. Names with an accent, from right to left and with an emoji, since all three break things. */
export const customers = [
  { user: '7301000000000001', name: 'Amélie Durand', locale: 'fr_FR' },
  { user: '7301000000000002', name: 'ليلى حداد', locale: 'ar_AR' },
  { user: '7301000000000003', name: 'Sam 🎉 Okafor', locale: 'en_GB' },
] as const;

/** An e-mail address that two contacts share, so that nobody can tell which of them writes. */
export const sharedEmail = 'sam.okafor@example.com';

const contacts = [
  { FirstName: 'Sam', LastName: 'Okafor', Email: sharedEmail, Phone: '+442079460101', Title: 'Buyer' },
  { FirstName: 'Samuel', LastName: 'Okafor', Email: sharedEmail, Phone: '+442079460102', Title: 'Private' },
  { FirstName: 'Nadia', LastName: 'Petrova', Email: 'nadia@example.com', Phone: '+33142685300' },
];

/** Whoever writes on the other channels, a pair each; then they begin again. */
const pairs = [
  ['Nguyễn Thị Hoa', 'Jürgen Groß'],
  ['José Ñúñez', 'Kaja Ødegård'],
  ['Σοφία Παππά', 'Tom 🎸 Reed'],
  ['Ewa Wójcik', 'さくら 田中'],
  ['Liam O’Brien', 'Zoë Müller'],
  ['Marta Kovač', 'Ömer Yılmaz'],
];

/** Puts the customers on their phones and some contacts into Salesforce. */
export function settle({ channels: [first, ...others], salesforce }: Platforms): void {
  for (const customer of customers) first?.simulator.addCustomer({ ...customer });
  for (const [position, { sandbox, simulator }] of others.entries()) {
    const pair = pairs[position % pairs.length] ?? [];
    for (const [index, name] of pair.entries()) simulator.addCustomer({ user: sandbox.user(index + 1), name });
  }
  for (const contact of contacts) salesforce.add('Contact', contact);
}
