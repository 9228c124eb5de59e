import { Badge, Group, Table, Text } from '@mantine/core';
import type { ConsentView, ProofView } from '../../../wire/people.ts';
import { Section } from '../../parts/card.tsx';
import { Details } from '../../parts/details.tsx';
import { Rows } from '../../parts/rows.tsx';
import { Ago } from '../../parts/time.tsx';
import { useWords } from '../../words/language.tsx';
import { words } from './words.ts';

const colours = { granted: 'teal', revoked: 'red', pending: 'gray' } as const;

export function Consents({ consents, proofs }: { consents: readonly ConsentView[]; proofs: readonly ProofView[] }) {
  const t = useWords(words);
  return (
    <Section title={t('consents')} about={t('consentsAbout')}>
      {consents.length === 0 && <Text size="sm">{t('noConsents')}</Text>}
      {consents.map(({ channel, purpose, state, since }) => (
        <Group key={`${channel} ${purpose}`} gap="sm">
          <Badge variant="outline" color={colours[state]} tt="none">
            {t(state)}
          </Badge>
          <Text size="sm">
            {purpose} · {channel === '*' ? t('anyChannel') : channel}
          </Text>
          <Text size="xs" c="dimmed">
            <Ago at={since} />
          </Text>
        </Group>
      ))}
      {proofs.length > 0 && (
        <Details label={t('proof')}>
          <Proofs proofs={proofs} />
        </Details>
      )}
    </Section>
  );
}

function Proofs({ proofs }: { proofs: readonly ProofView[] }) {
  const t = useWords(words);
  return (
    <Rows minWidth={640} heads={[t('when'), t('consents'), t('source'), t('by'), t('wordsShown')]}>
      {proofs.map(({ id, at, channel, purpose, act, source, by, words: shown, account }) => (
        <Table.Tr key={id}>
          <Table.Td>
            <Ago at={at} />
          </Table.Td>
          <Table.Td>
            {purpose} · {channel === '*' ? t('anyChannel') : channel}: {t(act)}
          </Table.Td>
          <Table.Td>
            {source}
            {account && ` (${account})`}
          </Table.Td>
          <Table.Td>{by}</Table.Td>
          <Table.Td style={{ overflowWrap: 'anywhere' }}>{shown ?? '–'}</Table.Td>
        </Table.Tr>
      ))}
    </Rows>
  );
}
