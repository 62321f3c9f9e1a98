// Stands between what breaks in a page and the visitor, who is told so and led on.
import { Component, type ReactNode } from "react";
import { BrokenPage } from "./message-pages";

interface BreakwaterState {
  isBroken: boolean;
}

/** React tells of errors only to classes. What broke is in the browser's log already. */
export class Breakwater extends Component<{ children: ReactNode }, BreakwaterState> {
  override state: BreakwaterState = { isBroken: false };

  static getDerivedStateFromError(): BreakwaterState {
    return { isBroken: true };
  }

  override render() {
    return this.state.isBroken ? <BrokenPage /> : this.props.children;
  }
}
