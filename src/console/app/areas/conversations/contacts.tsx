import { Stack, Text } from '@mantine/core';
import type { ContactLine } from '../../../wire/conversations.ts';
import { OutLink } from '../../parts/out-link.tsx';
import { useWords } from '../../words/language.tsx';
import { words } from './words.ts';

/** Who a customer is at each CRM, and how that is known. */
export function Contacts({ contacts }: { contacts: readonly ContactLine[] }) {
  const t = useWords(words);
  if (contacts.length === 0) return <Text size="sm">{t('noContact')}</Text>;
  return (
    <Stack gap="xs">
      {contacts.map((contact) => (
        <Contact key={contact.crm} {...contact} />
      ))}
    </Stack>
  );
}

function Contact({ crm, state, id, object, name, url, evidence, by }: ContactLine) {
  const t = useWords(words);
  const called = `${object ?? ''} ${name ?? id ?? ''}`.trim();
  return (
    <div>
      {state === 'linked' && url ? (
        <OutLink href={url} label={t('openRecord', { name: called, crm })}>
          {called}
        </OutLink>
      ) : (
        <Text size="sm">{state === 'linked' ? called : t(state === 'ambiguous' ? 'ambiguous' : 'noRecord')}</Text>
      )}
      <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
        {crm} · {evidence} ({t('linkedBy', { by })})
      </Text>
    </div>
  );
}
