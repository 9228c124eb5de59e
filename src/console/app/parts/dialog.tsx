import { Modal, type ModalProps } from '@mantine/core';
import { useWords } from '../words/language.tsx';
import { words } from './words.ts';

/** A window over the page; whoever cannot see its cross hears what it does. */
export function Dialog(props: ModalProps) {
  const t = useWords(words);
  return <Modal closeButtonProps={{ 'aria-label': t('close') }} {...props} />;
}
