import { attribute, attributes } from '../../schema/attributes.ts';
import { nftName } from '../verdict.ts';

/** Lets a flow table forward the connection from now on. */
export const flowOffload = attributes({
  flowtable: attribute('NFTA_FLOW_TABLE_NAME', 1, nftName),
});
