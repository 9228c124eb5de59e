export type HeldAtCrm = 'pending' | 'granted' | 'revoked' | 'none';

/** Rows of what CRMs hold of consents; the meaning of each column stands in `migrations/0025-crm-consents.ts`. */
export interface CrmConsentTables {
  crm_consents: {
    crm: string;
    customer: number;
    name: string;
    contact: string;
    channel: string;
    purpose: string;
    held: HeldAtCrm;
    wanted: HeldAtCrm | null;
    refused: string | null;
    refused_at: Date | null;
  };
  crm_consent_reads: { crm: string; customer: number; contact: string; read_at: Date };
}
