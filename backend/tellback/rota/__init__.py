"""The rota: when the desk is staffed, who is on call, and who reads which language."""
