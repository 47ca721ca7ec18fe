import Dialog from "@mui/material/Dialog";
import DialogContent from "@mui/material/DialogContent";

import { SignInForm } from "../../common/sign-in-form.tsx";
import { useServices } from "./services.ts";

/** Sign-in and new accounts of customers. */
export function SignInDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const { sessions } = useServices();
  return (
    <Dialog open={open} onClose={onClose} maxWidth="xs" fullWidth aria-label="Sign in or open an account">
      <DialogContent>
        <SignInForm session={sessions.customer} title="Sign in" canRegister onDone={onClose} />
      </DialogContent>
    </Dialog>
  );
}
