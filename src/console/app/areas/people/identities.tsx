import { Table, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { PersonFact, PersonUser } from '../../../wire/people.ts';
import { Section } from '../../parts/card.tsx';
import { Rows } from '../../parts/rows.tsx';
import { Ago } from '../../parts/time.tsx';
import { useWords } from '../../words/language.tsx';
import { words } from './words.ts';

export function Identities({ users }: { users: readonly PersonUser[] }) {
  const t = useWords(words);
  return (
    <Section title={t('identities')} about={t('identitiesAbout')}>
      {users.length === 0 && <Text size="sm">{t('noIdentities')}</Text>}
      {users.map(({ account, platformUser, evidence, conversation, person }) => (
        <div key={`${account} ${platformUser}`}>
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            <b>{platformUser}</b> · {account}
            {conversation !== null && (
              <>
                {' · '}
                <Link to={`/conversations/${conversation}`}>
                  {t('conversation')} {conversation}
                </Link>
              </>
            )}
          </Text>
          <Text size="xs" c="dimmed">
            {t('evidence')}: {evidence}
            {person && ` · ${t('personAt', { id: person })}`}
          </Text>
        </div>
      ))}
    </Section>
  );
}

export function Facts({ facts }: { facts: readonly PersonFact[] }) {
  const t = useWords(words);
  return (
    <Section title={t('facts')} about={t('factsAbout')}>
      {facts.length === 0 ? (
        <Text size="sm">{t('noFacts')}</Text>
      ) : (
        <Rows minWidth={560} heads={[t('fact'), t('evidence'), t('by'), t('when')]}>
          {facts.map((fact) => (
            <FactRow key={`${fact.kind} ${fact.value} ${fact.evidence} ${fact.at}`} {...fact} />
          ))}
        </Rows>
      )}
    </Section>
  );
}

function FactRow({ kind, value, evidence, by, at, withdrawn }: PersonFact) {
  const t = useWords(words);
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400}>
        <Text size="sm" {...(withdrawn && { td: 'line-through' })} style={{ overflowWrap: 'anywhere' }}>
          {value}
        </Text>
        <Text size="xs" c="dimmed">
          {kind}
          {withdrawn && ` · ${t('withdrawn', { by: withdrawn.by, why: withdrawn.why })}`}
        </Text>
      </Table.Th>
      <Table.Td>{evidence}</Table.Td>
      <Table.Td>{by}</Table.Td>
      <Table.Td>
        <Ago at={at} />
      </Table.Td>
    </Table.Tr>
  );
}
