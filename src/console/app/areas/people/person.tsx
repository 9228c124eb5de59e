import { Alert, SimpleGrid, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { PersonView } from '../../../wire/people.ts';
import { ask } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { Back } from '../../parts/back.tsx';
import { Section } from '../../parts/card.tsx';
import { Page } from '../../parts/page.tsx';
import { Shown } from '../../parts/states.tsx';
import { useWords } from '../../words/language.tsx';
import { Contacts } from '../conversations/contacts.tsx';
import { Question } from '../todo/question.tsx';
import { Acts } from './acts.tsx';
import { Consents } from './consents.tsx';
import { Facts, Identities } from './identities.tsx';
import { CutButton, JoinButton, SetRightButton } from './link-dialogs.tsx';
import { Orders, Tickets } from './orders.tsx';
import { Privacy } from './privacy.tsx';
import { words } from './words.ts';

const tables = ['customers', 'identities', 'facts', 'contact_links', 'questions', 'link_acts', 'consents', 'orders'];

export default function PersonPage() {
  const t = useWords(words);
  const { id } = useParams({ strict: false }) as { id: string };
  const path = `/people/${encodeURIComponent(id)}`;
  const found = useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => ask<PersonView>(path, {}, signal),
    meta: { tables: [...tables, 'tickets'] },
  });
  return (
    <Page
      title={found.data?.name ?? t('unnamed')}
      about={<Back to="/people">{t('back')}</Back>}
      actions={found.data && <Buttons path={path} person={found.data} />}
    >
      <Shown of={found}>{(person) => <Everything path={path} person={person} />}</Shown>
    </Page>
  );
}

function Buttons({ path, person }: { path: string; person: PersonView }) {
  const may = useMay();
  return may('people.write') && person.joinedWith === null ? <JoinButton path={path} /> : null;
}

function Everything({ path, person }: { path: string; person: PersonView }) {
  const t = useWords(words);
  const may = useMay();
  if (person.joinedWith !== null) return <Joined person={person} />;
  return (
    <Stack gap="md">
      {person.questions.map((question) => (
        <Question key={question.id} question={question} />
      ))}
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <Identities users={person.users} />
        <Section
          title={t('contacts')}
          about={t('contactsAbout')}
          actions={
            may('people.write') && person.linkable.length > 0 ? (
              <SetRightButton path={path} person={person} />
            ) : undefined
          }
        >
          <Contacts contacts={person.contacts} />
          {may('people.write') &&
            person.contacts
              .filter(({ state }) => state === 'linked')
              .map(({ crm }) => <CutButton key={crm} path={path} at={crm} />)}
        </Section>
      </SimpleGrid>
      <Facts facts={person.facts} />
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <Orders customer={person.id} orders={person.orders} />
        <Tickets tickets={person.tickets} />
      </SimpleGrid>
      <Consents consents={person.consents} proofs={person.proofs} />
      <Acts acts={person.acts} />
      {(may('people.export') || may('people.erase')) && <Privacy path={path} person={person} />}
    </Stack>
  );
}

function Joined({ person }: { person: PersonView }) {
  const t = useWords(words);
  return (
    <Stack gap="md">
      <Alert color="gray" variant="light">
        <Text size="sm">{t('joined')}</Text>
        <Link to={`/people/${person.joinedWith}`}>{t('toOther', { n: person.joinedWith ?? 0 })}</Link>
      </Alert>
      <Acts acts={person.acts} />
    </Stack>
  );
}
