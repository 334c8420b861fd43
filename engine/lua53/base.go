package lua53

func (s *State) openBase()      {}
func (s *State) openPackage()   {}
func (s *State) openCoroutine() {}
func (s *State) openDebug()     {}
