// The logo of the house whose page this is, for whatever shows its sign.
import { createContext } from "react";

/** Where the logo is; null where the house has none, or is not known. */
export const HouseLogo = createContext<string | null>(null);
