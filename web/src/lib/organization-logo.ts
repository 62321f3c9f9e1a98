// The logo of the organization whose page this is, for whatever shows it.
import { createContext } from "react";

/** Where the logo is; null where the organization has none, or is not known. */
export const OrganizationLogo = createContext<string | null>(null);
