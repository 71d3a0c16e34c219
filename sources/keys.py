"""The identifiers by which the systems know one another's things."""

from typing import NewType

CustomerCode = NewType("CustomerCode", str)
SolutionId = NewType("SolutionId", str)
ServicePointId = NewType("ServicePointId", str)
LocationId = NewType("LocationId", str)
BillingAccountId = NewType("BillingAccountId", str)
BillingDocumentId = NewType("BillingDocumentId", str)
InvoiceLineId = NewType("InvoiceLineId", str)
TicketId = NewType("TicketId", str)
NoteId = NewType("NoteId", str)
ComponentId = NewType("ComponentId", str)
MaintenanceEventId = NewType("MaintenanceEventId", str)
MaintenanceImpactId = NewType("MaintenanceImpactId", str)
MaintenanceRevisionId = NewType("MaintenanceRevisionId", str)
